import { MongoError } from '../errors.ts';
import { decode } from '../values/codec.ts';
import { type Doc, setField, type Value } from '../values/value.ts';
import { BadFrameError } from './frame-parser.ts';
import type { Request } from './request.ts';

const OP_MSG = 2013;
const OP_QUERY = 2004;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags below this bit must be known, those above may be ignored. */
const OPTIONAL_FLAGS = 0x1_0000;
const CHECKSUM_BYTES = 4;

/** A document with its length in front; it has to end within the message. */
function documentAt(frame: Buffer, at: number, end: number): { doc: Doc; next: number } {
  if (at + 5 > end) throw new BadFrameError('a document is cut off');
  const length = frame.readInt32LE(at);
  if (length < 5 || at + length > end) throw new BadFrameError('a document is longer than its message');
  return { doc: decode(frame.subarray(at, at + length)), next: at + length };
}

function sequenceAt(frame: Buffer, at: number, end: number): { name: string; docs: Doc[]; next: number } {
  const size = at + 4 <= end ? frame.readInt32LE(at) : 0;
  const stop = at + size;
  const nameEnd = frame.indexOf(0, at + 4);
  if (size < 5 || stop > end || nameEnd < 0 || nameEnd >= stop) throw new BadFrameError('a section is cut off');
  const docs: Doc[] = [];
  let next = nameEnd + 1;
  while (next < stop) {
    const found = documentAt(frame, next, stop);
    docs.push(found.doc);
    next = found.next;
  }
  return { name: frame.toString('utf8', at + 4, nameEnd), docs, next: stop };
}

function parseMessage(frame: Buffer): Request {
  if (frame.length < 26) throw new BadFrameError('a message without a section');
  const flags = frame.readUInt32LE(16);
  const unknown = (flags % OPTIONAL_FLAGS) & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknown !== 0) throw new BadFrameError(`unknown flags ${String(flags)}`);
  const end = frame.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : CHECKSUM_BYTES);
  let command: Doc | undefined;
  const sequences = new Map<string, Value[]>();
  let at = 20;
  while (at < end) {
    const kind = frame[at];
    if (kind === 0) {
      if (command) throw new MongoError(40430, 'Multiple body sections in message');
      const body = documentAt(frame, at + 1, end);
      command = body.doc;
      at = body.next;
    } else if (kind === 1) {
      const { name, docs, next } = sequenceAt(frame, at + 1, end);
      if (sequences.has(name)) throw new MongoError(40431, `Duplicate document sequence: ${name}`);
      sequences.set(name, docs);
      at = next;
    } else throw new BadFrameError(`a section of kind ${String(kind)}`);
  }
  if (!command) throw new BadFrameError('a message without a body');
  for (const [name, docs] of sequences) {
    if (Object.hasOwn(command, name))
      throw new MongoError(40433, `Duplicate field between body and document sequence ${name}`);
    setField(command, name, docs);
  }
  return { requestId: frame.readInt32LE(4), command, wantsReply: (flags & MORE_TO_COME) === 0, form: 'message' };
}

/** The old form, in which drivers say hello: flags, namespace, two numbers, the command. */
function parseQuery(frame: Buffer): Request {
  const nameEnd = frame.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > frame.length) throw new BadFrameError('a query is cut off');
  const namespace = frame.toString('utf8', 20, nameEnd);
  const { doc } = documentAt(frame, nameEnd + 9, frame.length);
  setField(doc, '$db', namespace.split('.')[0] ?? '');
  return { requestId: frame.readInt32LE(4), command: doc, wantsReply: true, form: 'reply' };
}

/**
 * Reads one whole message. Throws BadFrameError when it breaks the protocol (the connection is to be closed), a
 * MongoError when only the command in it cannot be read.
 */
export function parseRequest(frame: Buffer): Request {
  const operation = frame.readInt32LE(12);
  if (operation === OP_MSG) return parseMessage(frame);
  if (operation === OP_QUERY) return parseQuery(frame);
  throw new BadFrameError(`operation ${String(operation)}`);
}
