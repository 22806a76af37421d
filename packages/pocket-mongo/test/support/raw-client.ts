import { createConnection, type Socket } from 'node:net';
import { type Document, deserialize, serialize } from 'bson';

const OP_MSG = 2013;

/** The bytes of an OP_MSG with one body. `length` may lie. */
export function message(
  command: Document,
  options: { flags?: number; length?: number; operation?: number } = {},
): Buffer {
  const body = serialize(command);
  const checksum = ((options.flags ?? 0) & 1) === 0 ? 0 : 4;
  const bytes = Buffer.alloc(21 + body.length + checksum);
  bytes.writeInt32LE(options.length ?? bytes.length, 0);
  bytes.writeInt32LE(7, 4);
  bytes.writeInt32LE(options.operation ?? OP_MSG, 12);
  bytes.writeUInt32LE(options.flags ?? 0, 16);
  bytes.set(body, 21);
  return bytes;
}

/** A client that sends bytes as they are. */
export interface RawClient {
  readonly socket: Socket;
  send(bytes: Buffer): void;
  /** The body of the next reply. */
  reply(): Promise<Document>;
  readonly closed: Promise<void>;
}

export async function connectRaw(path: string): Promise<RawClient> {
  const socket = createConnection(path);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  let held = Buffer.alloc(0);
  const replies: Document[] = [];
  const waiting: ((reply: Document) => void)[] = [];
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
      const frame = held.subarray(0, held.readInt32LE(0));
      held = held.subarray(frame.length);
      const reply = deserialize(frame.subarray(frame.readInt32LE(12) === OP_MSG ? 21 : 36));
      const hear = waiting.shift();
      if (hear) hear(reply);
      else replies.push(reply);
    }
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    reply: () => {
      const known = replies.shift();
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve));
    },
    closed,
  };
}
