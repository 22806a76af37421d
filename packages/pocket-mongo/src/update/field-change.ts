import type { Value } from '../values/value.ts';

/** Leaves a field as it is. */
export const KEEP = Symbol('keep');
/** Takes a field away. */
export const REMOVE = Symbol('remove');

/** Where a change happens, for error messages. */
export interface Place {
  readonly path: string;
  readonly field: string;
  readonly id: Value;
}

/** What an update operator does to one field. */
export interface FieldChange {
  /** False when there is nothing to do where the field, or what it lies in, does not exist. */
  readonly creates: boolean;
  change(current: Value, place: Place): Value | typeof KEEP | typeof REMOVE;
}

/** Reads an operator's argument for one path; throws MongoDB's error for an argument that it cannot have. */
export type ParseChange = (argument: Value, path: string) => FieldChange;
