import type { Operator } from './scope.ts';

/** To come. */
export const ARRAY_OPERATORS: Readonly<Record<string, Operator>> = {};
