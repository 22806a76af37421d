import { MongoError } from '../errors.ts';
import { compileExpression } from '../expression/compile.ts';
import { type Evaluate, scopeOf } from '../expression/scope.ts';
import { isOperatorDoc } from '../query/operator-doc.ts';
import { parseProjection } from '../query/projection.ts';
import { typeName } from '../values/type-name.ts';
import { copyOf, type Doc, field, isDoc, type Value } from '../values/value.ts';
import { assign } from './assign.ts';

/** Makes one document of one. */
export type Reshape = (doc: Doc) => Doc;

type Variables = Readonly<Record<string, Value>>;

/** Stages that make one document of one; an update pipeline may have these only. */
export const RESHAPING: ReadonlySet<string> = new Set([
  '$set',
  '$addFields',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
]);

function addFields(stage: string, argument: Value, variables: Variables): Reshape {
  if (!isDoc(argument))
    throw new MongoError(40272, `${stage} specification stage must be an object, got ${typeName(argument)}`);
  const fields: { parts: readonly string[]; evaluate: Evaluate }[] = [];
  const collect = (path: string, value: Value): void => {
    if (isDoc(value) && !isOperatorDoc(value) && Object.keys(value).length > 0)
      for (const name of Object.keys(value)) collect(`${path}.${name}`, field(value, name));
    else fields.push({ parts: path.split('.'), evaluate: compileExpression(value) });
  };
  for (const name of Object.keys(argument)) collect(name, field(argument, name));
  return (doc) => {
    let out: Value = doc;
    for (const { parts, evaluate } of fields) out = assign(out, parts, copyOf(evaluate(scopeOf(doc, variables))));
    return out as Doc;
  };
}

function unset(argument: Value): Reshape {
  const paths = Array.isArray(argument) ? argument : [argument];
  if (paths.length === 0 || paths.some((path) => typeof path !== 'string' || path === ''))
    throw new MongoError(31002, '$unset specification must be a string or an array with at least one field');
  const spec = Object.fromEntries(paths.map((path) => [path as string, 0]));
  const project = parseProjection(spec, { aggregation: true });
  return (doc) => project?.(doc) ?? doc;
}

function replaceRoot(stage: string, expression: Value, variables: Variables): Reshape {
  const evaluate = compileExpression(expression);
  return (doc) => {
    const root = evaluate(scopeOf(doc, variables));
    if (!isDoc(root))
      throw new MongoError(
        40228,
        `PlanExecutor error during aggregation :: caused by :: 'newRoot' expression  must evaluate to an object, but resulting value was: ${typeName(root)} (${stage})`,
      );
    return copyOf(root);
  };
}

/** Compiles one of the stages of RESHAPING. */
export function compileReshape(stage: string, argument: Value, variables: Variables): Reshape {
  switch (stage) {
    case '$set':
    case '$addFields':
      return addFields(stage, argument, variables);
    case '$unset':
      return unset(argument);
    case '$replaceRoot':
      if (!isDoc(argument) || !Object.hasOwn(argument, 'newRoot'))
        throw new MongoError(40231, 'no newRoot specified for the $replaceRoot stage');
      return replaceRoot(stage, field(argument, 'newRoot'), variables);
    case '$replaceWith':
      return replaceRoot(stage, argument, variables);
    default: {
      if (!isDoc(argument)) throw new MongoError(15969, '$project specification must be an object');
      if (Object.keys(argument).length === 0)
        throw new MongoError(51272, '$project specification must have at least one field');
      const project = parseProjection(argument, { aggregation: true, variables });
      return (doc) => project?.(doc) ?? doc;
    }
  }
}
