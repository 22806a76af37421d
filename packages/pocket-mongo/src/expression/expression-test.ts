import type { Doc, Value } from '../values/value.ts';
import { compileExpression } from './compile.ts';
import { scopeOf } from './scope.ts';
import { isTrue } from './truth.ts';
import type { Variables } from './variables.ts';

/** The test of `$expr`: whether the expression is true for a document. */
export function expressionTest(expression: Value, variables: Variables): (doc: Doc) => boolean {
  const evaluate = compileExpression(expression);
  return (doc) => isTrue(evaluate(scopeOf(doc, variables)));
}
