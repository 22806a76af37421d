import { MongoError } from '../errors.ts';
import type { Match } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { KeyPattern } from '../values/key-pattern.ts';
import { KeyWriter } from '../values/key-writer.ts';
import { toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, isNumeric } from '../values/value.ts';
import { walk } from '../values/walk.ts';
import type { Kv } from './kv.ts';

/** Stands between an index key's last part and the record's number; no part begins with it or ends so. */
const SEPARATOR = 1;
const LAST_RECORD = 0xffff_ffff;

const writer = new KeyWriter();

/** The least bytes that are greater than everything beginning with `prefix`. */
export function afterPrefix(prefix: Uint8Array): Buffer {
  const end = Buffer.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    const byte = end[i] ?? 0;
    if (byte === 0xff) continue;
    end[i] = byte + 1;
    return end.subarray(0, i + 1);
  }
  return Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]);
}

/** One index of a collection: which entries a document has in it, and how they are written. */
export class DataIndex {
  readonly id: number;
  readonly spec: Doc;
  readonly name: string;
  readonly pattern: KeyPattern;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Match | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** Which fields of the key ever held an array in some document. */
  readonly multikey: boolean[];
  readonly prefix: Buffer;
  /** True until all documents are in it: it is written to, but finds nothing and forbids nothing yet. */
  building = false;

  constructor(id: number, spec: Doc, multikey: readonly boolean[] = []) {
    this.id = id;
    this.spec = spec;
    this.name = spec['name'] as string;
    this.pattern = new KeyPattern(spec['key'] as Doc);
    this.unique = spec['unique'] === true || this.name === '_id_';
    this.sparse = spec['sparse'] === true;
    const filter = spec['partialFilterExpression'];
    this.partial = isDoc(filter) ? parseFilter(filter) : undefined;
    const expiry = spec['expireAfterSeconds'];
    this.expireAfterSeconds = isNumeric(expiry) ? toDouble(expiry) : undefined;
    this.multikey = this.pattern.fields.map((_, i) => multikey[i] === true);
    this.prefix = Buffer.alloc(4);
    this.prefix.writeUInt32BE(id);
  }

  get isMultikey(): boolean {
    return this.multikey.includes(true);
  }

  /** The keys under which a document is found, without the record's number. May set `multikey`. */
  keysOf(doc: Doc): Buffer[] {
    if (this.partial && !this.partial.test(doc)) return [];
    if (this.sparse && this.pattern.hasNothing(doc)) return [];
    return this.pattern.keysOf(doc, this.multikey);
  }

  /** True when the keys of both documents are the same for sure, which is told at a glance. */
  seesNoChange(before: Doc, after: Doc): boolean {
    if (this.partial) return false;
    return this.pattern.fields.every(
      ({ path, parts }) => parts.length === 1 && field(before, path) === field(after, path),
    );
  }

  /** The whole entry for one key of one record. */
  entry(key: Uint8Array, recordNumber: number): Buffer {
    writer.reset();
    writer.raw(this.prefix);
    writer.raw(key);
    writer.byte(SEPARATOR);
    writer.uint32(recordNumber);
    return writer.toBytes();
  }

  /** The number of the record that has this key, when there is one other than `except`. */
  holderOf(kv: Kv, key: Uint8Array, except?: number): number | undefined {
    const from = this.entry(key, 0);
    const until = this.entry(key, LAST_RECORD);
    const found = kv.entries.range(from, until, { limit: except === undefined ? 1 : 2 });
    return found.map(recordNumberOf).find((number) => number !== except);
  }

  /** MongoDB's answer to a second document with the same key. */
  duplicateKey(namespace: string, doc: Doc): MongoError {
    const keyValue: Doc = {};
    for (const { path, parts } of this.pattern.fields) {
      keyValue[path] = null;
      walk(doc, parts, (value) => {
        keyValue[path] = (Array.isArray(value) ? value[0] : value) ?? null;
        return true;
      });
    }
    const text = `E11000 duplicate key error collection: ${namespace} index: ${this.name} dup key: ${show(keyValue)}`;
    return new MongoError(11000, text, { keyPattern: field(this.spec, 'key'), keyValue });
  }
}

/** The record's number at the end of an index entry. */
export const recordNumberOf = (entry: Uint8Array): number =>
  Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).readUInt32BE(entry.length - 4);
