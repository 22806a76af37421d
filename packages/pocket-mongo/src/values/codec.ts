import { calculateObjectSize, DBRef, deserialize, serialize } from 'bson';
import { MongoError, messageOf } from '../errors.ts';
import { type Doc, isDoc, setField, type Value } from './value.ts';

const OPTIONS = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;
const REF_KEY = Buffer.from('$ref\0');

/** The bson library turns `{$ref, $id}` into a DBRef object; for a server it is a plain document. */
function withoutDbRefs(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDbRefs);
  if ((value as unknown) instanceof DBRef) {
    const { collection, oid, db, fields } = value as unknown as DBRef;
    const rest = withoutDbRefs(fields) as Doc;
    return { $ref: collection, $id: withoutDbRefs(oid), ...(db ? { $db: db } : {}), ...rest };
  }
  if (!isDoc(value)) return value;
  const out: Doc = {};
  for (const name of Object.keys(value)) setField(out, name, withoutDbRefs(value[name]));
  return out;
}

/** Reads one BSON document, keeping every number's type. Throws MongoDB's InvalidBSON for bytes that are none. */
export function decode(bytes: Uint8Array): Doc {
  let doc: Doc;
  try {
    doc = deserialize(bytes, OPTIONS);
  } catch (error) {
    throw new MongoError(22, `invalid BSON: ${messageOf(error)}`);
  }
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.includes(REF_KEY) ? (withoutDbRefs(doc) as Doc) : doc;
}

/** MongoDB's own limit of a document on its way, a little above that of a stored one. */
const MOST_BYTES = 16 * 1024 * 1024 + 16_384;

/** Writes one BSON document; fields without a value are left out. Throws BSONObjectTooLarge above 16 MB. */
export function encode(doc: Doc): Uint8Array {
  let size: number;
  try {
    const bytes = serialize(doc, { ignoreUndefined: true });
    if (bytes.length <= MOST_BYTES) return bytes;
    size = bytes.length;
  } catch (error) {
    // The library writes to a buffer of 17 MB.
    if (!(error instanceof RangeError)) throw error;
    size = sizeOf(doc);
  }
  throw new MongoError(
    10334,
    `BSONObj size: ${String(size)} is invalid. Size must be between 0 and ${String(MOST_BYTES)}(16MB)`,
  );
}

/** The size in bytes that `encode` would give. */
export const sizeOf = (doc: Doc): number => calculateObjectSize(doc, { ignoreUndefined: true });
