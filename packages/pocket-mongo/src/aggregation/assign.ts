import { type Doc, field, isDoc, setField, type Value } from '../values/value.ts';

/** A copy of `target` with a value set at a path (undefined takes it away); arrays get it in each of their elements. */
export function assign(target: Value, parts: readonly string[], value: Value): Value {
  const [name, ...rest] = parts;
  if (name === undefined) return value;
  if (Array.isArray(target)) return target.map((element) => assign(element, parts, value));
  const out: Doc = isDoc(target) ? { ...target } : {};
  const result = assign(field(out, name), rest, value);
  if (result === undefined) delete out[name];
  else setField(out, name, result);
  return out;
}
