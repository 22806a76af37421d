import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { compileExpression } from './compile.ts';

/** Values by name, for `$$name` in expressions. */
export type Variables = Readonly<Record<string, Value>>;

/** The values of a command's `let`, which are expressions without a document; and the time. */
export function variablesOf(constants: Value): Variables {
  const NOW = new Date();
  if (!isDoc(constants)) return { NOW };
  const scope = { root: {} as Doc, variables: { NOW } };
  const named = Object.keys(constants).map((name) => [name, compileExpression(field(constants, name))(scope)] as const);
  return { NOW, ...Object.fromEntries(named) };
}
