import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Long, ObjectId, Timestamp } from 'bson';
import { toDouble } from './number.ts';
import { typeName } from './type-name.ts';
import { type Doc, field, type Numeric, type Value } from './value.ts';

function showDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan.0' : value > 0 ? 'inf.0' : '-inf.0';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function showDoc(doc: Doc): string {
  const names = Object.keys(doc);
  return names.length === 0 ? '{}' : `{ ${names.map((name) => `${name}: ${show(field(doc, name))}`).join(', ')} }`;
}

/** A value in the words of MongoDB's error messages: `{ a: "x", b: ObjectId('…') }`. */
export function show(value: Value): string {
  switch (typeName(value)) {
    case 'missing':
    case 'null':
      return 'null';
    case 'string':
    case 'symbol':
      return `"${(value as string | BSONSymbol).toString()}"`;
    case 'bool':
      return value === true ? 'true' : 'false';
    case 'double':
      return showDouble(toDouble(value as Numeric));
    case 'int':
      return String(toDouble(value as Numeric));
    case 'long':
      return (value as Long).toString();
    case 'decimal':
      return `Decimal128("${(value as Decimal128).toString()}")`;
    case 'date':
      return `new Date(${String((value as Date).getTime())})`;
    case 'objectId':
      return `ObjectId('${(value as ObjectId).toHexString()}')`;
    case 'array':
      return (value as Value[]).length === 0 ? '[]' : `[ ${(value as Value[]).map(show).join(', ')} ]`;
    case 'binData':
      return `BinData(${String((value as Binary).sub_type)}, ${Buffer.from((value as Binary).buffer)
        .toString('hex')
        .toUpperCase()})`;
    case 'regex':
      return `/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`;
    case 'timestamp':
      return `Timestamp(${String((value as Timestamp).t)}, ${String((value as Timestamp).i)})`;
    case 'javascript':
      return (value as Code).code;
    case 'minKey':
      return 'MinKey';
    case 'maxKey':
      return 'MaxKey';
    default:
      return showDoc(value as Doc);
  }
}
