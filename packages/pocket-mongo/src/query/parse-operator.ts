import { BSONRegExp } from 'bson';
import { badValue, MongoError, notImplemented } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName, typesNamed } from '../values/type-name.ts';
import { type Doc, field, isDoc, isNumeric, RANK, rankOf, type Value } from '../values/value.ts';
import { bitsTest } from './bits.ts';
import { atPath, ELEMENT, type Match, opaque, type Predicate } from './match.ts';
import { isOperatorDoc } from './operator-doc.ts';
import { equalTo, inRange, isThere, matching, oneOf } from './predicates.ts';
import { wholeNumber } from './whole-number.ts';

const MISSING_HERE = new Set([
  '$geoIntersects',
  '$geoWithin',
  '$near',
  '$nearSphere',
  '$within',
  '$geoNear',
  '$maxDistance',
  '$minDistance',
]);

const opaquely = (test: (value: Value) => boolean, elements: boolean): Predicate => ({
  shape: { kind: 'opaque' },
  elements,
  test,
});

/** The readers of whole conditions and filters, for operators that hold some; they come in by parameter, as those call this one. */
export interface Parsers {
  condition(path: string, condition: Value): Match[];
  filter(filter: Doc): Match;
}

interface Operand {
  readonly argument: Value;
  /** The document that the operator stands in. */
  readonly siblings: Doc;
  readonly parse: Parsers;
}

/** Reads one operator of `{path: {operator: argument, …siblings}}`. */
export function parseOperator(path: string, operator: string, { argument, siblings, parse }: Operand): Match[] {
  switch (operator) {
    case '$eq':
      return [atPath(path, equalTo(argument))];
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (rankOf(argument) === RANK.regex) throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
      return [atPath(path, inRange(operator, argument))];
    case '$in':
      return [atPath(path, oneOf(listOf(operator, argument)))];
    case '$nin': {
      const match = atPath(path, oneOf(listOf(operator, argument)));
      return [opaque((doc) => !match.test(doc))];
    }
    case '$exists':
      return [exists(path, argument)];
    case '$regex':
      return [atPath(path, matching(regexOf(argument, field(siblings, '$options'))))];
    case '$options':
      if (!Object.hasOwn(siblings, '$regex')) throw badValue('$options needs a $regex');
      return [];
    case '$size': {
      const size = sizeOf(argument);
      return [
        atPath(
          path,
          opaquely((value) => Array.isArray(value) && value.length === size, false),
        ),
      ];
    }
    case '$type':
      return [atPath(path, typeTest(argument))];
    case '$mod':
      return [atPath(path, opaquely(modTest(argument), true))];
    case '$all':
      return all(path, argument, parse);
    case '$elemMatch':
      return [atPath(path, elemMatch(argument, parse))];
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return [atPath(path, opaquely(bitsTest(operator, argument), true))];
    case '$comment':
      return [];
    default:
      if (MISSING_HERE.has(operator)) throw notImplemented(operator);
      throw badValue(`unknown operator: ${operator}`);
  }
}

function listOf(operator: string, argument: Value): Value[] {
  if (!Array.isArray(argument)) throw badValue(`${operator} needs an array`);
  if (argument.some(isOperatorDoc)) throw badValue(`cannot nest $ under ${operator}`);
  return argument;
}

function exists(path: string, argument: Value): Match {
  const wanted = argument !== false && argument !== null && !(isNumeric(argument) && toDouble(argument) === 0);
  const match = atPath(path, isThere);
  return wanted ? match : opaque((doc) => !match.test(doc));
}

function regexOf(pattern: Value, options: Value): BSONRegExp {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  const unknown = [...(options ?? '')].find((option) => !'imsxu'.includes(option));
  if (unknown !== undefined) throw new MongoError(51108, `invalid flag in regex options: ${unknown}`);
  if (typeof pattern === 'string') return new BSONRegExp(pattern, options ?? '');
  if (rankOf(pattern) !== RANK.regex) throw badValue('$regex has to be a string');
  const { pattern: source, options: own } = pattern as BSONRegExp;
  if (options !== undefined && own !== '') throw badValue('options set in both $regex and $options');
  return new BSONRegExp(source, options ?? own);
}

function sizeOf(argument: Value): number {
  const size = wholeNumber(argument, '$size');
  if (size < 0) throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${show(argument)}`);
  return size;
}

function typeTest(argument: Value): Predicate {
  const wanted = new Set<string>();
  for (const alias of Array.isArray(argument) ? argument : [argument]) {
    if (typeof alias !== 'string' && !isNumeric(alias))
      throw badValue('type must be represented as a number or a string');
    const name = typeof alias === 'string' ? alias : toDouble(alias);
    const types = typesNamed(name);
    if (!types)
      throw badValue(
        typeof name === 'string' ? `Unknown type name alias: ${name}` : `Invalid numerical type code: ${String(name)}`,
      );
    for (const type of types) wanted.add(type);
  }
  if (wanted.size === 0) throw badValue('$type must match at least one type');
  return opaquely((value) => value !== undefined && wanted.has(typeName(value)), true);
}

function modTest(argument: Value): (value: Value) => boolean {
  if (!Array.isArray(argument)) throw badValue('malformed mod, needs to be an array');
  if (argument.length < 2) throw badValue('malformed mod, not enough elements');
  if (argument.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = argument;
  if (!isNumeric(divisor)) throw badValue('malformed mod, divisor not a number');
  if (!isNumeric(remainder)) throw badValue('malformed mod, remainder not a number');
  const by = Math.trunc(toDouble(divisor));
  const rest = Math.trunc(toDouble(remainder));
  if (by === 0) throw badValue('divisor cannot be 0');
  return (value) => isNumeric(value) && Number.isFinite(toDouble(value)) && Math.trunc(toDouble(value)) % by === rest;
}

function all(path: string, argument: Value, parse: Parsers): Match[] {
  if (!Array.isArray(argument)) throw badValue('$all needs an array');
  if (argument.length === 0) return [opaque(() => false)];
  const nested = argument.filter((part) => isDoc(part) && Object.keys(part)[0] === '$elemMatch');
  if (nested.length > 0 && nested.length < argument.length)
    throw badValue(
      nested.length > 0 && argument[0] === nested[0]
        ? '$all/$elemMatch has to be consistent'
        : 'no $ expressions in $all',
    );
  if (nested.length === 0 && argument.some(isOperatorDoc)) throw badValue('no $ expressions in $all');
  return argument.flatMap((part) => {
    if (isDoc(part) && nested.length > 0) return [atPath(path, elemMatch(field(part, '$elemMatch'), parse))];
    return parse.condition(path, part);
  });
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$expr', '$where', '$comment']);

function elemMatch(argument: Value, parse: Parsers): Predicate {
  if (!isDoc(argument)) throw badValue('$elemMatch needs an Object');
  const [first = ''] = Object.keys(argument);
  if (isOperatorDoc(argument) && !LOGICAL.has(first)) {
    const conditions = parse.condition(ELEMENT, argument);
    const holds = (element: Value): boolean => conditions.every((condition) => condition.test({ [ELEMENT]: element }));
    return { ...opaquely((value) => Array.isArray(value) && value.some(holds), false), element: holds };
  }
  const match = parse.filter(argument);
  const holds = (element: Value): boolean =>
    isDoc(element) ? match.test(element) : Array.isArray(element) && match.test({ ...element } as unknown as Doc);
  return {
    shape: { kind: 'elements', match },
    elements: false,
    test: (value) => Array.isArray(value) && value.some(holds),
    element: holds,
  };
}
