import { type Doc, isDoc, type Value } from '../values/value.ts';

/** True for `{$gt: 1}` and the like: the first field's name begins with a dollar sign. */
export const isOperatorDoc = (value: Value): value is Doc => {
  if (!isDoc(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db';
};
