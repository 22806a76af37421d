import { badValue, MongoError } from '../errors.ts';
import { compileExpression } from '../expression/compile.ts';
import { type Evaluate, scopeOf } from '../expression/scope.ts';
import { isTrue } from '../expression/truth.ts';
import { toInteger } from '../values/number.ts';
import { copyOf, type Doc, field, isDoc, isNumeric, setField, type Value } from '../values/value.ts';
import type { Match } from './match.ts';
import { isOperatorDoc } from './operator-doc.ts';
import { parseFilter } from './parse-filter.ts';

/** What a projection does to one document. */
export type Project = (doc: Doc) => Doc;

/** A tree of fields: true keeps or drops, a tree goes deeper, the rest computes. */
type Node =
  | { readonly kind: 'flag' }
  | { readonly kind: 'tree'; readonly fields: Map<string, Node> }
  | { readonly kind: 'computed'; readonly evaluate: Evaluate }
  | { readonly kind: 'slice'; readonly skip: number | undefined; readonly limit: number }
  | { readonly kind: 'elemMatch'; readonly match: Match }
  | { readonly kind: 'positional' };

const isFlag = (value: Value): value is boolean => typeof value === 'boolean' || isNumeric(value);
const FLAG: Node = { kind: 'flag' };

function put(fields: Map<string, Node>, parts: readonly string[], node: Node, path: string): void {
  const [name = '', ...rest] = parts;
  if (name === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
  const known = fields.get(name);
  if (rest.length === 0) {
    if (known) throw new MongoError(31250, `Path collision at ${path}`);
    fields.set(name, node);
    return;
  }
  if (known && known.kind !== 'tree')
    throw new MongoError(31249, `Path collision at ${path} remaining portion ${rest.join('.')}`);
  const tree = known ?? { kind: 'tree', fields: new Map<string, Node>() };
  fields.set(name, tree);
  put(tree.fields, rest, node, path);
}

function slice(argument: Value): Node {
  const numbers = (Array.isArray(argument) ? argument : [argument]).map((part) =>
    isNumeric(part) ? toInteger(part) : undefined,
  );
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2 || (numbers.length === 2 && second === undefined))
    throw new MongoError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax');
  if (second !== undefined && second <= 0) throw new MongoError(28724, `First argument to $slice must be positive`);
  return second === undefined
    ? { kind: 'slice', skip: undefined, limit: first }
    : { kind: 'slice', skip: first, limit: second };
}

function nodeOf(value: Value): Node {
  if (isOperatorDoc(value)) {
    if (Object.hasOwn(value, '$slice')) return slice(field(value, '$slice'));
    if (Object.hasOwn(value, '$elemMatch'))
      return { kind: 'elemMatch', match: parseFilter({ v: { $elemMatch: field(value, '$elemMatch') } }) };
  }
  return { kind: 'computed', evaluate: compileExpression(value) };
}

interface Parsed {
  readonly fields: Map<string, Node>;
  readonly inclusive: boolean;
  readonly keepsId: boolean;
}

function parse(spec: Doc, options: { readonly aggregation: boolean }): Parsed {
  const fields = new Map<string, Node>();
  let inclusive: boolean | undefined;
  let keepsId = true;
  const add = (path: string, value: Value): void => {
    if (isDoc(value) && !isOperatorDoc(value) && Object.keys(value).length > 0) {
      for (const name of Object.keys(value)) add(`${path}.${name}`, field(value, name));
      return;
    }
    if (isFlag(value)) {
      const wanted = isTrue(value);
      if (path === '_id') {
        keepsId = wanted;
        if (wanted && inclusive === undefined && Object.keys(spec).length === 1) inclusive = true;
        return;
      }
      if (inclusive !== undefined && inclusive !== wanted)
        throw wanted
          ? new MongoError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
          : new MongoError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
      inclusive = wanted;
      if (path.endsWith('.$') && !options.aggregation)
        put(fields, path.slice(0, -2).split('.'), { kind: 'positional' }, path);
      else put(fields, path.split('.'), FLAG, path);
      return;
    }
    const node = nodeOf(value);
    if (node.kind === 'computed' || node.kind === 'elemMatch') {
      if (inclusive === false)
        throw new MongoError(31252, `Cannot use an expression ${path} in an exclusion projection`);
      if (node.kind === 'computed') inclusive = true;
      else inclusive ??= true;
    }
    put(fields, path.split('.'), node, path);
  };
  for (const name of Object.keys(spec)) add(name, field(spec, name));
  return { fields, inclusive: inclusive ?? false, keepsId };
}

function sliced(array: readonly Value[], skip: number | undefined, limit: number): Value[] {
  if (skip === undefined) return limit >= 0 ? array.slice(0, limit) : array.slice(limit);
  const start = skip < 0 ? Math.max(0, array.length + skip) : skip;
  return array.slice(start, start + limit);
}

interface Run {
  readonly root: Doc;
  readonly inclusive: boolean;
  readonly position: () => number | undefined;
  readonly variables: Readonly<Record<string, Value>>;
}

function special(value: Value, node: Node, run: Run): Value {
  switch (node.kind) {
    case 'slice':
      return Array.isArray(value) ? sliced(value, node.skip, node.limit) : value;
    case 'elemMatch': {
      const at = Array.isArray(value) ? node.match.position({ v: value }) : undefined;
      return at === undefined || !Array.isArray(value) || !node.match.test({ v: value }) ? undefined : [value[at]];
    }
    case 'positional': {
      if (!Array.isArray(value)) return value;
      const at = run.position();
      if (at === undefined)
        throw new MongoError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      return [value[at]];
    }
    default:
      return value;
  }
}

function projectFields(doc: Doc, fields: ReadonlyMap<string, Node>, run: Run, top: boolean): Doc {
  const out: Doc = {};
  for (const name of Object.keys(doc)) {
    const node = fields.get(name);
    const value = field(doc, name);
    if (!node) {
      if (!run.inclusive || (top && name === '_id')) setField(out, name, value);
      continue;
    }
    const result = projectValue(value, node, run);
    if (result !== undefined) setField(out, name, result);
  }
  for (const [name, node] of fields) addComputed(out, name, node, run);
  return out;
}

function addComputed(out: Doc, name: string, node: Node, run: Run): void {
  if (node.kind === 'computed') {
    const result = node.evaluate(scopeOf(run.root, run.variables));
    if (result === undefined) delete out[name];
    else setField(out, name, copyOf(result));
  } else if (node.kind === 'tree' && !Object.hasOwn(out, name)) {
    const inner: Doc = {};
    for (const [child, below] of node.fields) addComputed(inner, child, below, run);
    if (Object.keys(inner).length > 0) setField(out, name, inner);
  }
}

function projectValue(value: Value, node: Node, run: Run): Value {
  switch (node.kind) {
    case 'flag':
      return run.inclusive ? value : undefined;
    case 'computed':
      return undefined;
    case 'tree':
      if (Array.isArray(value))
        return value.map((element) => projectValue(element, node, run)).filter((element) => element !== undefined);
      if (isDoc(value)) return projectFields(value, node.fields, run, false);
      return run.inclusive ? undefined : value;
    default:
      return special(value, node, run);
  }
}

/**
 * Reads a projection (manual: "Project Fields to Return"). `match` is the query, for the positional `$`.
 * Returns undefined when every document stays as it is.
 */
export function parseProjection(
  spec: Value,
  options: {
    readonly aggregation: boolean;
    readonly match?: Match;
    readonly variables?: Readonly<Record<string, Value>>;
  },
): Project | undefined {
  if (spec === undefined) return undefined;
  if (!isDoc(spec)) throw badValue('projection must be an object');
  if (Object.keys(spec).length === 0) return undefined;
  const { fields, inclusive, keepsId } = parse(spec, options);
  return (doc) => {
    const position = (): number | undefined => options.match?.position(doc);
    const out = projectFields(
      doc,
      fields,
      { root: doc, inclusive, position, variables: options.variables ?? {} },
      true,
    );
    if (!keepsId && !fields.has('_id')) delete out['_id'];
    return out;
  };
}
