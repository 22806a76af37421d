import { badValue, failedToParse, MongoError } from '../errors.ts';
import { allOf, ELEMENT } from '../query/match.ts';
import { isOperatorDoc } from '../query/operator-doc.ts';
import { parseCondition, parseFilter } from '../query/parse-filter.ts';
import { sortOrder } from '../query/sort-order.ts';
import { compare } from '../values/compare.ts';
import { identityOf } from '../values/key-pattern.ts';
import { toDouble, toInteger } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { copyOf, type Doc, field, isDoc, isNumeric, RANK, rankOf, type Value } from '../values/value.ts';
import { KEEP, type ParseChange } from './field-change.ts';

const integerOf = (value: Value, what: string): number => {
  const integer = isNumeric(value) ? toInteger(value) : undefined;
  if (integer === undefined)
    throw badValue(`The value for ${what} must be an integer value but was given type: ${typeName(value)}`);
  return integer;
};

function eachOf(argument: Doc, operator: string): Value[] {
  const each = field(argument, '$each');
  if (!Array.isArray(each))
    throw new MongoError(
      14,
      `The argument to $each in ${operator} must be an array but it was of type: ${typeName(each)}`,
    );
  return each;
}

const hasEach = (argument: Value): argument is Doc => isDoc(argument) && Object.hasOwn(argument, '$each');

function sorted(array: Value[], spec: Value): Value[] {
  if (isNumeric(spec)) {
    const direction = toDouble(spec);
    if (direction !== 1 && direction !== -1) throw badValue('The $sort element value must be either 1 or -1');
    return [...array].sort((a, b) => compare(a, b) * direction);
  }
  if (!isDoc(spec))
    throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  if (Object.keys(spec).length === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.');
  const order = sortOrder(spec);
  return [...array].sort((a, b) => order(isDoc(a) ? a : {}, isDoc(b) ? b : {}));
}

const push: ParseChange = (argument) => {
  const options: Doc = hasEach(argument) ? argument : { $each: [argument] };
  const values = eachOf(options, '$push');
  const unknown = Object.keys(options).find((name) => !['$each', '$position', '$slice', '$sort'].includes(name));
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`);
  const position = Object.hasOwn(options, '$position') ? integerOf(options['$position'], '$position') : undefined;
  const slice = Object.hasOwn(options, '$slice') ? integerOf(options['$slice'], '$slice') : undefined;
  if (Object.hasOwn(options, '$sort')) sorted([], options['$sort']);
  return {
    creates: true,
    change: (current, { field: name, id }) => {
      if (current !== undefined && !Array.isArray(current))
        throw badValue(
          `The field '${name}' must be an array but is of type ${typeName(current)} in document {_id: ${show(id)}}`,
        );
      let array = [...(current ?? [])];
      const at = position === undefined ? array.length : position < 0 ? Math.max(0, array.length + position) : position;
      array.splice(at, 0, ...copyOf(values));
      if (Object.hasOwn(options, '$sort')) array = sorted(array, options['$sort']);
      if (slice !== undefined) array = slice >= 0 ? array.slice(0, slice) : array.slice(slice);
      return array;
    },
  };
};

const addToSet: ParseChange = (argument) => {
  const values = hasEach(argument) ? eachOf(argument, '$addToSet') : [argument];
  if (hasEach(argument)) {
    const unknown = Object.keys(argument).find((name) => name !== '$each');
    if (unknown !== undefined) throw badValue(`Found unexpected fields after $each in $addToSet: ${show(argument)}`);
  }
  return {
    creates: true,
    change: (current, { field: name }) => {
      if (current !== undefined && !Array.isArray(current))
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${name}' has non-array type ${typeName(current)}`,
        );
      const array = [...(current ?? [])];
      const seen = new Set(array.map((value) => identityOf(value ?? null)));
      for (const value of values) {
        const identity = identityOf(value ?? null);
        if (!seen.has(identity)) array.push(copyOf(value));
        seen.add(identity);
      }
      return array.length === current?.length ? KEEP : array;
    },
  };
};

const pop: ParseChange = (argument) => {
  const end = isNumeric(argument) ? toInteger(argument) : undefined;
  if (!isNumeric(argument)) throw failedToParse(`Expected a number in: $pop: ${show(argument)}`);
  if (end !== 1 && end !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${show(argument)}`);
  return {
    creates: false,
    change: (current, { path }) => {
      if (!Array.isArray(current))
        throw new MongoError(14, `Path '${path}' contains an element of non-array type '${typeName(current)}'`);
      return end === 1 ? current.slice(0, -1) : current.slice(1);
    },
  };
};

/** What `$pull` takes out: elements equal to a value, matching operators, or (documents) matching a filter. */
function pullTest(condition: Value): (element: Value) => boolean {
  if (isDoc(condition) && !isOperatorDoc(condition)) {
    const match = parseFilter(condition);
    return (element) => isDoc(element) && match.test(element);
  }
  if (isOperatorDoc(condition) || rankOf(condition) === RANK.regex) {
    const [first = ''] = isDoc(condition) ? Object.keys(condition) : [];
    if (isDoc(condition) && ['$and', '$or', '$nor', '$expr'].includes(first)) {
      const match = parseFilter(condition);
      return (element) => isDoc(element) && match.test(element);
    }
    const match = allOf(parseCondition(ELEMENT, condition));
    return (element) => match.test({ [ELEMENT]: element });
  }
  return (element) => compare(element, condition) === 0;
}

const without =
  (operator: string, test: (element: Value) => boolean): ReturnType<ParseChange>['change'] =>
  (current) => {
    if (!Array.isArray(current)) throw badValue(`Cannot apply ${operator} to a non-array value`);
    const kept = current.filter((element) => !test(element));
    return kept.length === current.length ? KEEP : kept;
  };

const pull: ParseChange = (argument) => ({ creates: false, change: without('$pull', pullTest(argument)) });

const pullAll: ParseChange = (argument) => {
  if (!Array.isArray(argument))
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(argument)}`);
  const gone = new Set(argument.map((value) => identityOf(value ?? null)));
  return { creates: false, change: without('$pull', (element) => gone.has(identityOf(element ?? null))) };
};

/** Update operators that change an array (manual: "Array Update Operators"). */
export const ARRAY_OPERATORS: Readonly<Record<string, ParseChange>> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
