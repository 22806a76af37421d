import { MongoError } from '../errors.ts';
import { KeyWriter } from './key-writer.ts';
import { toDouble } from './number.ts';
import { type Doc, field, isDoc, isNumeric, RANK, type Value } from './value.ts';
import { isPosition } from './walk.ts';

/** One field of an index or a sort. */
export interface KeyField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** The fields of an index key or sort document, in their order. */
export function keyFields(spec: Doc): KeyField[] {
  return Object.keys(spec).map((path) => {
    const direction = field(spec, path);
    return { path, parts: path.split('.'), descending: isNumeric(direction) && toDouble(direction) < 0 };
  });
}

/** Marks an empty array, which sorts before null (manual: "Sort Order", arrays). */
const EMPTY = Symbol('empty array');
type Extracted = Value | typeof EMPTY;

/** What is known of a field while a document is taken apart: its value, or the rest of its path below `from`. */
type Pending =
  | { readonly done: true; readonly value: Extracted }
  | { readonly done: false; readonly array: readonly Value[]; readonly rest: readonly string[] };

/** Follows a path until it ends or meets an array that has to be taken element by element. */
function follow(start: Value, parts: readonly string[]): Pending {
  let value = start;
  for (let at = 0; at < parts.length; at++) {
    if (Array.isArray(value)) {
      const part = parts[at] ?? '';
      if (!isPosition(part) || value.some((element) => isDoc(element) && Object.hasOwn(element, part)))
        return { done: false, array: value, rest: parts.slice(at) };
      value = value[Number(part)];
    } else if (isDoc(value)) value = field(value, parts[at] ?? '');
    else return { done: true, value: undefined };
  }
  return Array.isArray(value) ? { done: false, array: value, rest: [] } : { done: true, value };
}

const writer = new KeyWriter();

/**
 * Makes index keys: the bytes under which a document is found, one key for each element of an array.
 * Throws CannotIndexParallelArrays (171) when two fields hold different arrays.
 */
export class KeyPattern {
  readonly fields: readonly KeyField[];

  constructor(spec: Doc) {
    this.fields = keyFields(spec);
  }

  /** All keys of a document, each once, and which fields came out of an array. */
  keysOf(doc: Doc, arrays?: boolean[]): Buffer[] {
    const pending = this.fields.map(({ parts }) => follow(doc, parts));
    if (pending.every((part) => part.done)) return [this.#write(pending)];
    const keys = new Map<string, Buffer>();
    this.#expand(pending, keys, arrays ?? []);
    return [...keys.values()];
  }

  /** The key that decides a document's place in a sort: the least of its keys. */
  sortKeyOf(doc: Doc): Buffer {
    let least: Buffer | undefined;
    for (const key of this.keysOf(doc)) if (!least || Buffer.compare(key, least) < 0) least = key;
    return least ?? Buffer.alloc(0);
  }

  /** True when no field of the index has a value in the document. */
  hasNothing(doc: Doc): boolean {
    return this.fields.every(({ parts }) => !exists(doc, parts));
  }

  #expand(pending: readonly Pending[], keys: Map<string, Buffer>, arrays: boolean[]): void {
    const first = pending.find((part) => !part.done);
    if (!first) {
      const key = this.#write(pending);
      keys.set(key.toString('latin1'), key);
      return;
    }
    for (const [i, part] of pending.entries()) {
      if (part.done) continue;
      if (part.array !== first.array) this.#refuseParallel(pending);
      arrays[i] = true;
    }
    const elements = first.array.length === 0 ? [EMPTY] : first.array;
    for (const element of elements as Extracted[]) {
      const next = pending.map((part) => (part.done ? part : descend(element, part.rest)));
      this.#expand(next, keys, arrays);
    }
  }

  #write(pending: readonly Pending[]): Buffer {
    writer.reset();
    for (const [i, { descending }] of this.fields.entries()) {
      const part = pending[i];
      const value = part?.done ? part.value : undefined;
      if (typeof value === 'symbol') writer.byte(descending ? 0xff - RANK.nothing : RANK.nothing);
      else writer.part(value, descending);
    }
    return writer.toBytes();
  }

  #refuseParallel(pending: readonly Pending[]): never {
    const names = this.fields.filter((_, i) => pending[i]?.done === false).map(({ path }) => path.split('.').at(-1));
    throw new MongoError(171, `cannot index parallel arrays [${names.at(1) ?? ''}] [${names.at(0) ?? ''}]`);
  }
}

function descend(element: Extracted, rest: readonly string[]): Pending {
  if (typeof element === 'symbol') return { done: true, value: rest.length === 0 ? element : undefined };
  if (rest.length === 0) return { done: true, value: element };
  return isDoc(element) ? follow(element, rest) : { done: true, value: undefined };
}

function exists(value: Value, parts: readonly string[], at = 0): boolean {
  if (at === parts.length) return value !== undefined;
  const part = parts[at] ?? '';
  if (isDoc(value)) return exists(field(value, part), parts, at + 1);
  if (!Array.isArray(value)) return false;
  if (isPosition(part) && exists(value[Number(part)], parts, at + 1)) return true;
  return value.some((element) => isDoc(element) && exists(element, parts, at));
}

/** Bytes that are equal exactly when two values are equal by MongoDB's rules; usable as a key of a Map or Set. */
export function identityOf(value: Value): string {
  if (typeof value === 'string') return `s${value}`;
  writer.reset();
  writer.value(value);
  return writer.toBytes().toString('latin1');
}

/** The ordered bytes of one value. */
export function bytesOf(value: Value, descending: boolean): Buffer {
  writer.reset();
  writer.part(value, descending);
  return writer.toBytes();
}
