import { Long, Timestamp } from 'bson';
import { badValue, failedToParse, MongoError } from '../errors.ts';
import { compare } from '../values/compare.ts';
import { add, exactOf, kindOf, multiply } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { copyOf, field, isDoc, isNumeric, type Numeric, type Value } from '../values/value.ts';
import { type FieldChange, KEEP, type ParseChange, type Place, REMOVE } from './field-change.ts';

const numberType = { int: 'NumberInt', long: 'NumberLong', double: 'double', decimal: 'NumberDecimal' } as const;
const typed = (value: Numeric): string => `(${numberType[kindOf(value)]})${show(value)}`;

const nonNumeric = (operator: string, current: Value, { id, field: name }: Place): MongoError =>
  new MongoError(
    14,
    `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(id)}} has the field '${name}' of non-numeric type ${typeName(current)}`,
  );

function arithmetic(
  operator: '$inc' | '$mul',
  verb: string,
  combine: (a: Numeric, b: Numeric) => Numeric | undefined,
): ParseChange {
  return (argument, path) => {
    if (!isNumeric(argument))
      throw new MongoError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(argument)}}`);
    return {
      creates: true,
      change: (current, place) => {
        if (current === undefined) return operator === '$inc' ? argument : combine(0, argument);
        if (!isNumeric(current)) throw nonNumeric(operator, current, place);
        const result = combine(current, argument);
        if (result === undefined)
          throw badValue(
            `Failed to apply ${operator} operations to current value (${typed(current)}) for document {_id: ${show(place.id)}}`,
          );
        return result;
      },
    };
  };
}

const extreme =
  (sign: number): ParseChange =>
  (argument) => ({
    creates: true,
    change: (current) => (current === undefined || compare(argument, current) * sign > 0 ? copyOf(argument) : KEEP),
  });

const set: ParseChange = (argument) => ({ creates: true, change: () => copyOf(argument) });

const unset: ParseChange = () => ({ creates: false, change: () => REMOVE });

const currentDate: ParseChange = (argument) => {
  const type = isDoc(argument) ? field(argument, '$type') : 'date';
  if (argument !== true && argument !== false && !isDoc(argument))
    throw badValue(
      `${typeName(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  if (isDoc(argument)) {
    const unknown = Object.keys(argument).find((name) => name !== '$type');
    if (unknown !== undefined) throw badValue(`Unrecognized $currentDate option: ${unknown}`);
  }
  if (type !== 'date' && type !== 'timestamp')
    throw badValue(
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    );
  const now = (): Value => {
    const ms = Date.now();
    return type === 'date' ? new Date(ms) : new Timestamp({ t: Math.floor(ms / 1000), i: 1 });
  };
  return { creates: true, change: now };
};

const BITS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const isInteger = (value: Value): value is Numeric =>
  isNumeric(value) && (kindOf(value) === 'int' || kindOf(value) === 'long');

const bit: ParseChange = (argument, path) => {
  if (!isDoc(argument))
    throw badValue(
      `The $bit modifier is not compatible with a ${typeName(argument)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  const steps = Object.keys(argument).map((name) => {
    const apply = BITS[name];
    const operand = field(argument, name);
    if (!apply)
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${show(operand)}}`,
      );
    if (!isInteger(operand))
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here: {${name}: ${show(operand)}}`,
      );
    return { apply, operand };
  });
  if (steps.length === 0)
    throw badValue(`You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`);
  const change: FieldChange['change'] = (current, place) => {
    if (current !== undefined && !isInteger(current))
      throw badValue(
        `Cannot apply $bit to a value of non-integral type.{_id: ${show(place.id)}} has the field ${path} of non-integer type ${typeName(current)}`,
      );
    let bits = current === undefined ? 0n : (exactOf(current)?.coefficient ?? 0n);
    for (const { apply, operand } of steps) bits = apply(bits, exactOf(operand)?.coefficient ?? 0n);
    const long = [current, ...steps.map(({ operand }) => operand)].some(
      (value) => value !== undefined && kindOf(value) === 'long',
    );
    return long ? Long.fromBigInt(bits) : Number(BigInt.asIntN(32, bits));
  };
  return { creates: true, change };
};

/** Update operators that set a field from its old value and their argument (manual: "Field Update Operators"). */
export const FIELD_OPERATORS: Readonly<Record<string, ParseChange>> = {
  $set: set,
  $setOnInsert: set,
  $unset: unset,
  $inc: arithmetic('$inc', 'increment', add),
  $mul: arithmetic('$mul', 'multiply', multiply),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $bit: bit,
};

/** The error for a path that is no path. */
export function checkPath(path: string): void {
  if (path === '') throw new MongoError(56, 'An empty update path is not valid.');
  // Most paths have none of what is looked for here.
  if (!/[.$]/.test(path)) return;
  if (path.split('.').includes(''))
    throw new MongoError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (path === '$' || path.startsWith('$.'))
    throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  if (path.startsWith('$['))
    throw badValue(
      `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
    );
  if (path.split('.').filter((part) => part === '$').length > 1)
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
}

/** The error for an existing document's field with a dollar in front; a document that an upsert makes may have such. */
export const dollarPrefixed = (path: string): MongoError => {
  const [first = ''] = path.split('.');
  return new MongoError(
    52,
    `The dollar ($) prefixed field '${first}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  );
};

/** The error for `{$set: 5}`. */
export const notADocument = (operator: string, value: Value): MongoError =>
  failedToParse(
    `Modifiers operate on fields but we found type ${typeName(value)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(value)}}`,
  );
