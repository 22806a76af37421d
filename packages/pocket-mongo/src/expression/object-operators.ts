import type { Operator } from './scope.ts';

/** To come. */
export const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {};
