import { once } from 'node:events';
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
  readonly closed: Promise<unknown>;
}

export async function connectRaw(path: string): Promise<RawClient> {
  const socket = createConnection(path);
  await once(socket, 'connect');
  let chunks: Buffer[] = [];
  let held = 0;
  const replies: Document[] = [];
  const waiting: ((reply: Document) => void)[] = [];
  const hear = (reply: Document): void => {
    const next = waiting.shift();
    if (next) next(reply);
    else replies.push(reply);
  };
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (chunks.length > 1 && (chunks[0]?.length ?? 0) < 4) chunks = [Buffer.concat(chunks)];
    while (held >= 4 && held >= (chunks[0]?.readInt32LE(0) ?? 0)) {
      const all = Buffer.concat(chunks);
      const frame = all.subarray(0, all.readInt32LE(0));
      chunks = [all.subarray(frame.length)];
      held -= frame.length;
      hear(deserialize(frame.subarray(frame.readInt32LE(12) === OP_MSG ? 21 : 36)));
    }
  });
  socket.on('error', () => undefined);
  return {
    socket,
    send: (bytes) => {
      socket.write(bytes);
    },
    reply: () => {
      const known = replies.shift();
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    closed: once(socket, 'close'),
  };
}
