import type { BSONRegExp } from 'bson';
import { badValue, notImplemented } from '../errors.ts';
import { expressionTest } from '../expression/expression-test.ts';
import type { Variables } from '../expression/variables.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, RANK, rankOf, type Value } from '../values/value.ts';
import { allOf, anyOf, atPath, type Match, opaque } from './match.ts';
import { isOperatorDoc } from './operator-doc.ts';
import { type Parsers, parseOperator } from './parse-operator.ts';
import { equalTo, matching } from './predicates.ts';

const MISSING_HERE = new Set(['$where', '$text', '$jsonSchema']);

function parseList(operator: string, list: Value, variables: Variables): Match[] {
  if (!Array.isArray(list)) throw badValue(`${operator} argument must be an array`);
  if (list.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return list.map((part) => {
    if (!isDoc(part)) throw badValue('$or/$and/$nor entries need to be full objects');
    return parseFilter(part, variables);
  });
}

function parseTopLevel(operator: string, argument: Value, variables: Variables): Match | undefined {
  switch (operator) {
    case '$and':
      return allOf(parseList(operator, argument, variables));
    case '$or':
      return anyOf(parseList(operator, argument, variables));
    case '$nor': {
      const any = anyOf(parseList(operator, argument, variables));
      return opaque((doc) => !any.test(doc));
    }
    case '$expr':
      return opaque(expressionTest(argument, variables));
    case '$ref':
    case '$id':
    case '$db':
      return atPath(operator, equalTo(argument));
    case '$comment':
      return undefined;
    case '$alwaysTrue':
      return opaque(() => true);
    case '$alwaysFalse':
      return opaque(() => false);
    default:
      if (MISSING_HERE.has(operator)) throw notImplemented(operator);
      throw badValue(
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

/** The conditions that `{field: condition}` puts on one path. */
export function parseCondition(path: string, condition: Value): Match[] {
  if (!isOperatorDoc(condition))
    return [atPath(path, rankOf(condition) === RANK.regex ? matching(condition as BSONRegExp) : equalTo(condition))];
  return Object.keys(condition).flatMap((operator) => {
    if (operator === '$not') return [negated(path, field(condition, operator))];
    if (operator === '$ne')
      return [not(atPath(path, notRegex(field(condition, operator))), field(condition, operator) ?? null, path)];
    return parseOperator(path, operator, { argument: field(condition, operator), siblings: condition, parse: PARSERS });
  });
}

function notRegex(value: Value): ReturnType<typeof equalTo> {
  if (rankOf(value) === RANK.regex) throw badValue("Can't have regex as arg to $ne.");
  return equalTo(value);
}

/** The planner can use one negation: `$ne: null` means that there is a value. */
function not(match: Match, value: Value, path: string): Match {
  if (value !== null) return opaque((doc) => !match.test(doc));
  const shape = { kind: 'notNull' } as const;
  return {
    node: { kind: 'path', path, predicate: { shape, elements: false, test: () => true } },
    test: (doc) => !match.test(doc),
    position: () => undefined,
  };
}

function negated(path: string, argument: Value): Match {
  const isRegex = rankOf(argument) === RANK.regex;
  if (!isRegex && !isDoc(argument)) throw badValue('$not needs a regex or a document');
  if (isDoc(argument) && Object.keys(argument).length === 0) throw badValue('$not cannot be empty');
  if (isDoc(argument) && !isOperatorDoc(argument)) {
    const [name = ''] = Object.keys(argument);
    throw badValue(`unknown operator: ${name}`);
  }
  const match = allOf(parseCondition(path, argument));
  return opaque((doc) => !match.test(doc));
}

/** What operators with conditions inside them read those with. */
const PARSERS: Parsers = { condition: parseCondition, filter: (filter) => parseFilter(filter) };

/** Reads a query filter (manual: "Query and Projection Operators"). Throws MongoDB's error for what it cannot be. */
export function parseFilter(filter: Doc, variables: Variables = {}): Match {
  const parts: Match[] = [];
  for (const name of Object.keys(filter)) {
    const condition = field(filter, name);
    if (!name.startsWith('$')) {
      parts.push(...parseCondition(name, condition));
      continue;
    }
    const part = parseTopLevel(name, condition, variables);
    if (part) parts.push(part);
  }
  return allOf(parts);
}

/** Reads a filter that came in a command's field, which must be a document or absent. */
export function parseFilterField(value: Value, name: string, variables: Variables = {}): Match {
  if (value === undefined) return parseFilter({});
  if (!isDoc(value)) throw wrongType(name, value, 'object');
  return parseFilter(value, variables);
}

function wrongType(name: string, value: Value, expected: string): Error {
  return badValue(`BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`);
}
