import type { BSONSymbol, Code, Timestamp } from 'bson';
import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import { type Numeric, RANK, rankOf, type Value } from '../values/value.ts';
import { isNothing } from './truth.ts';

/** What the string operators make of their operands: null is empty; throws for what has no text. */
export function asText(value: Value): string {
  if (isNothing(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  switch (rankOf(value)) {
    case RANK.string:
      return (value as BSONSymbol).value;
    case RANK.number:
      return (value as Numeric).toString();
    case RANK.code:
      return (value as Code).code;
    case RANK.timestamp:
      return new Date((value as Timestamp).t * 1000).toISOString();
    default:
      throw new MongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
  }
}

/** MongoDB changes the case of ASCII letters only (manual: "$toLower"). */
export const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
export const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());
