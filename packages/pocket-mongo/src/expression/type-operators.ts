import type { Operator } from './scope.ts';

/** To come. */
export const TYPE_OPERATORS: Readonly<Record<string, Operator>> = {};
