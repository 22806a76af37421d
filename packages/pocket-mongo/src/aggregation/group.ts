import { MongoError } from '../errors.ts';
import { compileExpression } from '../expression/compile.ts';
import { type Evaluate, scopeOf } from '../expression/scope.ts';
import { MISS } from '../read/source.ts';
import { identityOf } from '../values/key-pattern.ts';
import { copyOf, type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { type Accumulator, accumulatorNamed } from './accumulators.ts';
import type { Stage, StageContext } from './stage.ts';

/** What the groups of one stage may take, about. */
const MOST_BYTES = 100 * 1024 * 1024;
const GROUP_OVERHEAD = 100;

interface Output {
  readonly name: string;
  readonly evaluate: Evaluate;
  readonly create: () => Accumulator;
}

function outputOf(name: string, spec: Value): Output {
  if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
  const [operator = '', ...more] = isDoc(spec) ? Object.keys(spec) : [];
  if (!isDoc(spec) || (operator !== '' && !operator.startsWith('$')))
    throw new MongoError(40234, `The field '${name}' must be an accumulator object`);
  if (operator === '' || more.length > 0)
    throw new MongoError(40238, `The field '${name}' must specify one accumulator`);
  const argument = field(spec, operator);
  if (operator === '$count') {
    if (!isDoc(argument) || Object.keys(argument).length > 0)
      throw new MongoError(14, '$count takes no arguments, i.e. $count:{}');
    return { name, evaluate: () => 1, create: accumulatorNamed('$sum') };
  }
  const create = accumulatorNamed(operator);
  if (Array.isArray(argument) && argument.length !== 1)
    throw new MongoError(40237, `The ${operator} accumulator is a unary operator`);
  return { name, evaluate: compileExpression(Array.isArray(argument) ? argument[0] : argument), create };
}

/** `$group`: keys are equal by value whatever their number type, and a missing key is null (manual: "$group"). */
export function compileGroup(argument: Value, { variables }: StageContext): Stage {
  if (!isDoc(argument)) throw new MongoError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(argument, '_id')) throw new MongoError(15955, 'a group specification must include an _id');
  const keyOf = compileExpression(field(argument, '_id'));
  const names = Object.keys(argument).filter((name) => name !== '_id');
  const outputs = names.map((name) => outputOf(name, field(argument, name)));
  return function* (docs) {
    const groups = new Map<string, { readonly key: Value; readonly values: readonly Accumulator[] }>();
    let bytes = 0;
    for (const doc of docs) {
      yield MISS;
      if (doc === MISS) continue;
      const scope = scopeOf(doc, variables);
      const key = keyOf(scope) ?? null;
      const identity = identityOf(key);
      let group = groups.get(identity);
      if (!group) {
        group = { key: copyOf(key), values: outputs.map(({ create }) => create()) };
        groups.set(identity, group);
        bytes += identity.length + GROUP_OVERHEAD * (outputs.length + 1);
      }
      for (const [i, { evaluate }] of outputs.entries()) bytes += group.values[i]?.add(evaluate(scope)) ?? 0;
      if (bytes > MOST_BYTES)
        throw new MongoError(
          292,
          'PlanExecutor error during aggregation :: caused by :: Exceeded memory limit for $group, and this server does not spill to disk',
        );
    }
    for (const { key, values } of groups.values()) {
      const out: Doc = { _id: key };
      for (const [i, { name }] of outputs.entries()) setField(out, name, values[i]?.result() ?? null);
      yield out;
    }
  };
}
