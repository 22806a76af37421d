import { createConnection } from 'node:net';
import { encode } from '../values/codec.ts';
import type { Doc } from '../values/value.ts';
import { FrameParser } from './frame-parser.ts';
import { parseRequest } from './parse-request.ts';

const OP_MSG = 2013;
const HEAD = 21;

function messageOf(command: Doc): Buffer {
  const body = encode(command);
  const head = Buffer.alloc(HEAD);
  head.writeInt32LE(HEAD + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

/** Has a running server do one command and gives its answer. */
export function ask(address: string, command: Doc): Promise<Doc> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  const socket = createConnection(port === undefined ? { path: address } : { host: host ?? '', port: Number(port) });
  const parser = new FrameParser();
  return new Promise<Doc>((resolve, reject) => {
    socket.on('data', (chunk) => {
      const [frame] = parser.push(chunk);
      // An answer has the form of a message, as its question has.
      if (frame) resolve(parseRequest(frame).command);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${address} closed the connection without an answer`)));
    socket.write(messageOf(command));
  }).finally(() => socket.destroy());
}
