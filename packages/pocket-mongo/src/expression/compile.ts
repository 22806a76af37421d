import { MongoError, notImplemented } from '../errors.ts';
import { type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { ARITHMETIC_OPERATORS } from './arithmetic-operators.ts';
import { ARRAY_OPERATORS } from './array-operators.ts';
import { BINDING_OPERATORS } from './binding-operators.ts';
import { DATE_ARITHMETIC_OPERATORS } from './date-arithmetic-operators.ts';
import { DATE_OPERATORS } from './date-operators.ts';
import { LOGIC_OPERATORS } from './logic-operators.ts';
import { OBJECT_OPERATORS } from './object-operators.ts';
import type { Evaluate, Operator } from './scope.ts';
import { SET_OPERATORS } from './set-operators.ts';
import { STATISTIC_OPERATORS } from './statistic-operators.ts';
import { STRING_OPERATORS } from './string-operators.ts';
import { TEXT_SEARCH_OPERATORS } from './text-search-operators.ts';
import { TYPE_OPERATORS } from './type-operators.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...ARITHMETIC_OPERATORS,
  ...ARRAY_OPERATORS,
  ...BINDING_OPERATORS,
  ...DATE_ARITHMETIC_OPERATORS,
  ...SET_OPERATORS,
  ...STATISTIC_OPERATORS,
  ...TEXT_SEARCH_OPERATORS,
  ...DATE_OPERATORS,
  ...LOGIC_OPERATORS,
  ...OBJECT_OPERATORS,
  ...STRING_OPERATORS,
  ...TYPE_OPERATORS,
};

/** Operators that MongoDB has and this server has not. */
const MISSING_HERE = new Set(
  `accumulator acos acosh asin asinh atan atan2 atanh binarySize bsonSize bottom bottomN cos cosh covariancePop
  covarianceSamp degreesToRadians denseRank derivative documentNumber exp expMovingAvg firstN function integral lastN
  linearFill locf log log10 maxN median meta minN percentile pow radiansToDegrees rand rank sampleRate shift sin sinh
  sortArray sqrt stdDevPop stdDevSamp tan tanh top topN toHashedIndexKey tsIncrement tsSecond zip ln bitAnd bitOr bitXor
  bitNot dateFromParts dateFromString dateToParts regexFind regexFindAll
  toUUID indexOfBytes`
    .split(/\s+/)
    .map((name) => `$${name}`),
);

/** Goes down a path; arrays on the way give the array of what their elements have there. */
export function valueAt(value: Value, parts: readonly string[], at = 0): Value {
  if (at === parts.length) return value;
  if (Array.isArray(value))
    return value.map((element) => valueAt(element, parts, at)).filter((found) => found !== undefined);
  return isDoc(value) ? valueAt(field(value, parts[at] ?? ''), parts, at + 1) : undefined;
}

function variable(text: string): Evaluate {
  const [name = '', ...parts] = text.split('.');
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return ({ root, variables }) => valueAt(name in variables ? variables[name] : root, parts);
    case 'REMOVE':
      return () => undefined;
    case 'NOW':
      return ({ variables }) => variables['NOW'] ?? new Date();
    default:
      if (/^[A-Z]/.test(name)) throw new MongoError(17276, `Use of undefined variable: ${name}`);
      return ({ variables }) => {
        if (!(name in variables)) throw new MongoError(17276, `Use of undefined variable: ${name}`);
        return valueAt(variables[name], parts);
      };
  }
}

function fieldPath(text: string): Evaluate {
  const parts = text.split('.');
  if (parts.some((part) => part === '')) throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
  const [only = ''] = parts;
  return parts.length === 1 ? ({ root }) => field(root, only) : ({ root }) => valueAt(root, parts);
}

function object(doc: Doc): Evaluate {
  const fields = Object.keys(doc).map((name) => {
    if (name.includes('.'))
      throw new MongoError(16412, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`);
    return [name, compileExpression(field(doc, name))] as const;
  });
  return (scope) => {
    const out: Doc = {};
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) setField(out, name, value);
    }
    return out;
  };
}

/** Compiles an aggregation expression (manual: "Expression Operators"). Throws MongoDB's error for an unknown one. */
export function compileExpression(expression: Value): Evaluate {
  if (typeof expression === 'string') {
    if (expression.startsWith('$$')) return variable(expression.slice(2));
    if (expression === '$') throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
    return expression.startsWith('$') ? fieldPath(expression.slice(1)) : () => expression;
  }
  if (Array.isArray(expression)) {
    const elements = expression.map(compileExpression);
    return (scope) => elements.map((evaluate) => evaluate(scope) ?? null);
  }
  if (!isDoc(expression)) return () => expression;
  const names = Object.keys(expression);
  const [name = ''] = names;
  if (!name.startsWith('$')) {
    const operator = names.find((other) => other.startsWith('$'));
    if (operator)
      throw new MongoError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    return object(expression);
  }
  if (names.length > 1) throw new MongoError(15983, 'An object representing an expression must have exactly one field');
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator) return operator(field(expression, name), compileExpression);
  if (MISSING_HERE.has(name)) throw notImplemented(name);
  throw new MongoError(168, `Unrecognized expression '${name}'`);
}
