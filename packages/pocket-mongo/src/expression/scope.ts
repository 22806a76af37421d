import type { Doc, Value } from '../values/value.ts';

/** What an expression may refer to: the document it runs on, and variables by name. */
export interface Scope {
  readonly root: Doc;
  readonly variables: Readonly<Record<string, Value>>;
}

/** A compiled expression. */
export type Evaluate = (scope: Scope) => Value;

/** Compiles one expression; operators call it for their arguments. */
export type Compile = (expression: Value) => Evaluate;

/** Compiles one operator's argument into an expression. */
export type Operator = (argument: Value, compile: Compile) => Evaluate;

/** The scope of a document with the variables that a command brought (`let`). */
export const scopeOf = (root: Doc, variables: Readonly<Record<string, Value>> = {}): Scope => ({ root, variables });
