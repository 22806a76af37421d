import { MongoError } from '../errors.ts';

const NAME = /^[a-z\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/;

/** Throws FailedToParse unless a user's variable may be called so (manual: "Variables in Aggregation Expressions"). */
export function checkName(name: string): string {
  if (name === '') throw new MongoError(9, 'empty variable names are not allowed');
  if (name !== 'CURRENT' && !NAME.test(name))
    throw new MongoError(9, `'${name}' starts with an invalid character for a user variable name`);
  return name;
}
