import type { Operator } from './scope.ts';

/** To come. */
export const DATE_OPERATORS: Readonly<Record<string, Operator>> = {};
