import type { BSONRegExp } from 'bson';
import { MongoError } from '../errors.ts';
import { compileRegex } from '../query/regex.ts';
import { typeName } from '../values/type-name.ts';
import { RANK, rankOf, type Value } from '../values/value.ts';
import { between, named, taking } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing } from './truth.ts';
import { wholeOperand } from './whole-operand.ts';

function split(text: Value, separator: Value): Value {
  if (isNothing(text) || isNothing(separator)) return null;
  if (typeof text !== 'string')
    throw new MongoError(
      40085,
      `$split requires an expression that evaluates to a string as a first argument, found: ${typeName(text)}`,
    );
  if (typeof separator !== 'string')
    throw new MongoError(
      40086,
      `$split requires an expression that evaluates to a string as a second argument, found: ${typeName(separator)}`,
    );
  if (separator === '') throw new MongoError(40087, '$split requires a non-empty separator');
  return text.split(separator);
}

function indexOf(text: Value, wanted: Value, from: Value, to: Value): Value {
  if (isNothing(text)) return null;
  if (typeof text !== 'string')
    throw new MongoError(40093, `$indexOfCP requires a string as the first argument, found: ${typeName(text)}`);
  if (typeof wanted !== 'string')
    throw new MongoError(40094, `$indexOfCP requires a string as the second argument, found: ${typeName(wanted)}`);
  const characters = [...text];
  const start = from === undefined ? 0 : wholeOperand(from, '$indexOfCP starting index', [40096, 40096]);
  const end = to === undefined ? characters.length : wholeOperand(to, '$indexOfCP ending index', [40096, 40096]);
  if (start < 0 || end < 0)
    throw new MongoError(40097, `$indexOfCP requires a nonnegative index, found: ${String(Math.min(start, end))}`);
  if (start > characters.length || end < start) return -1;
  const part = characters.slice(start, end).join('');
  const at = part.indexOf(wanted);
  return at < 0 ? -1 : start + [...part.slice(0, at)].length;
}

/** What is trimmed when no characters are named (manual: "$trim", Whitespace Characters). */
const SPACES = '\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

const trim = (name: string, left: boolean, right: boolean): readonly [string, Operator] => [
  name,
  (argument, compile) => {
    const codes = { object: 50696, unknown: 50694, missing: { input: 50695 } };
    const parts = named(name, argument, compile, ['input'], ['chars'], codes);
    return (scope) => {
      const input = parts['input']?.(scope);
      if (isNothing(input)) return null;
      if (typeof input !== 'string')
        throw new MongoError(50699, `${name} requires its input to be a string, got ${typeName(input)}`);
      const chars = parts['chars'] ? parts['chars'](scope) : SPACES;
      if (isNothing(chars)) return null;
      if (typeof chars !== 'string')
        throw new MongoError(50700, `${name} requires 'chars' to be a string, got ${typeName(chars)}`);
      const gone = new Set(chars);
      const text = [...input];
      let start = 0;
      let end = text.length;
      while (left && start < end && gone.has(text[start] ?? '')) start++;
      while (right && end > start && gone.has(text[end - 1] ?? '')) end--;
      return text.slice(start, end).join('');
    };
  },
];

const regexMatch: Operator = (argument, compile) => {
  const codes = { object: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } };
  const parts = named('$regexMatch', argument, compile, ['input', 'regex'], ['options'], codes);
  return (scope) => {
    const input = parts['input']?.(scope);
    const regex = parts['regex']?.(scope);
    const options = parts['options']?.(scope);
    if (!isNothing(input) && typeof input !== 'string')
      throw new MongoError(51104, "$regexMatch needs 'input' to be of type string");
    const isPattern = rankOf(regex) === RANK.regex;
    if (!isNothing(regex) && typeof regex !== 'string' && !isPattern)
      throw new MongoError(51105, "$regexMatch needs 'regex' to be of type string or regex");
    if (!isNothing(options) && typeof options !== 'string')
      throw new MongoError(51106, "$regexMatch needs 'options' to be of type string");
    const own = isPattern ? (regex as BSONRegExp).options : '';
    if (own !== '' && !isNothing(options))
      throw new MongoError(51107, "$regexMatch: found regex option(s) specified in both 'regex' and 'option' fields");
    if (isNothing(input) || isNothing(regex)) return false;
    const pattern = isPattern ? (regex as BSONRegExp).pattern : (regex as string);
    return compileRegex(pattern, isNothing(options) ? own : options).test(input);
  };
};

const replace = (name: '$replaceOne' | '$replaceAll'): readonly [string, Operator] => [
  name,
  (argument, compile) => {
    const codes = { object: 51751, unknown: 51750, missing: { input: 51749, find: 51748, replacement: 51747 } };
    const parts = named(name, argument, compile, ['input', 'find', 'replacement'], [], codes);
    return (scope) => {
      const [input, find, replacement] = (['input', 'find', 'replacement'] as const).map((part, i) => {
        const value = parts[part]?.(scope);
        if (isNothing(value) || typeof value === 'string') return value;
        throw new MongoError(51746 - i, `${name} requires that '${part}' be a string, found: ${typeName(value)}`);
      });
      if (typeof input !== 'string' || typeof find !== 'string' || typeof replacement !== 'string') return null;
      return name === '$replaceOne'
        ? input.replace(find, () => replacement)
        : input.replaceAll(find, () => replacement);
    };
  },
];

/** Expression operators that look into strings. */
export const TEXT_SEARCH_OPERATORS: Readonly<Record<string, Operator>> = {
  $regexMatch: regexMatch,
  ...Object.fromEntries([
    taking('$split', 2, split),
    between('$indexOfCP', 2, 4, indexOf),
    trim('$trim', true, true),
    trim('$ltrim', true, false),
    trim('$rtrim', false, true),
    replace('$replaceOne'),
    replace('$replaceAll'),
  ]),
};
