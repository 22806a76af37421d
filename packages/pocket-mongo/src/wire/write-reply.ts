import { Double } from 'bson';
import { encode } from '../values/codec.ts';
import type { Doc } from '../values/value.ts';
import { CursorReply, type Reply, ValueReply } from './cursor-reply.ts';
import type { Request } from './request.ts';

const OP_REPLY = 1;
const OP_MSG = 2013;
const HEADER = 16;
const DOCUMENT = 3;
const ARRAY = 4;
const END = Buffer.from([0]);

/** A document of fields that are BSON already: everything between its length and its closing zero. */
function wrapped(parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 5);
  const head = Buffer.allocUnsafe(4);
  head.writeInt32LE(length);
  return Buffer.concat([head, ...parts, END], length);
}

const fieldHead = (type: number, name: string): Buffer => Buffer.from(`${String.fromCharCode(type)}${name}\0`);
const inner = (doc: Doc): Uint8Array => encode(doc).subarray(4, -1);

function cursorBody(reply: CursorReply): Buffer {
  const elements = reply.batch.flatMap((bytes, i) => [fieldHead(DOCUMENT, String(i)), bytes]);
  const cursor = wrapped([fieldHead(ARRAY, reply.batchName), wrapped(elements), inner(reply.head)]);
  return wrapped([fieldHead(DOCUMENT, 'cursor'), cursor, inner({ ...reply.more, ok: new Double(1) })]);
}

const OK = inner({ ok: new Double(1) });
const VALUE = fieldHead(DOCUMENT, 'value');

function bodyOf(reply: Reply): Uint8Array {
  if (reply instanceof ValueReply) return wrapped([inner(reply.more), VALUE, reply.value, OK]);
  if (reply instanceof CursorReply) return cursorBody(reply);
  return encode(Object.hasOwn(reply, 'ok') ? reply : { ...reply, ok: new Double(1) });
}

let lastId = 0;

/** The bytes of a whole reply message. `ok: 1` is added to a reply that does not say otherwise. */
export function writeReply(request: Request, reply: Reply): Buffer {
  const body = bodyOf(reply);
  const headLength = request.form === 'message' ? HEADER + 5 : HEADER + 20;
  const head = Buffer.alloc(headLength);
  lastId = (lastId + 1) % 0x7fff_ffff;
  head.writeInt32LE(headLength + body.length, 0);
  head.writeInt32LE(lastId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(request.form === 'message' ? OP_MSG : OP_REPLY, 12);
  if (request.form === 'reply') {
    head.writeInt32LE(8, 16);
    head.writeInt32LE(1, 32);
  }
  return Buffer.concat([head, body]);
}
