import { WIRE_VERSION } from '../server/server-facts.ts';
import { MAX_MESSAGE } from '../wire/frame-parser.ts';
import type { Command } from './command.ts';

const hello = (name: string, primary: string): Command => ({
  name,
  access: 'none',
  fields: 'any',
  // Without a topologyVersion the driver asks again and again instead of waiting for one long answer.
  run: (_request, { connectionId }) => ({
    helloOk: true,
    [primary]: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: MAX_MESSAGE,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  }),
});

/** The handshake, and its old name. */
export const HELLO = hello('hello', 'isWritablePrimary');
export const IS_MASTER = hello('isMaster', 'ismaster');
