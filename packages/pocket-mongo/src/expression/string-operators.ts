import type { Operator } from './scope.ts';

/** To come. */
export const STRING_OPERATORS: Readonly<Record<string, Operator>> = {};
