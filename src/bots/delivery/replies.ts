import { chatKey } from '../../core/address.ts';
import type { Message, MessageKind, Sender } from '../../core/message.ts';
import { createLanes } from '../lanes.ts';
import { type DeliveryDeps, LEASE_MS } from './deps.ts';
import type { Poison } from './poison.ts';
import type { Records } from './records.ts';
import { isConnected } from './reply-look.ts';

/** What leaves at once, costs nothing and heeds no kill switch. */
export const IMMEDIATE: readonly MessageKind[] = ['reply', 'alert', 'staff'];
const CLAIM = 50;
const IN_FLIGHT = 100;

/** The sender of replies, and what it remembers of rows that wait for their channel. */
export interface Replies extends Sender {
  held(row: Message): void;
  /** Claims nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** One message at a time of each chat, in the order of the outbox; chats side by side. */
export function createReplies(
  deps: DeliveryDeps,
  records: Records,
  poison: Poison,
  look: (row: Message) => Promise<void>,
): Replies {
  const { outbox, clock, wall, log } = deps;
  const chats = createLanes();
  const pumps = createLanes();
  const waiting = new Map<string, Message>();
  let stopping = false;

  const start = async (row: Message): Promise<void> => {
    // A row that waited in its lane for longer than its claim is somebody else's by now, or will be claimed again.
    if (wall.nowMs() < row.leaseUntilMs) await poison.guard(row, () => look(row), undefined);
  };

  const pump = async (): Promise<void> => {
    await poison.freeStuck();
    await wakeHeld();
    while (!stopping) {
      const rows = await outbox.claim({
        now: clock.now(),
        wallMs: wall.nowMs(),
        owner: deps.owner,
        leaseMs: LEASE_MS,
        limit: CLAIM,
        kinds: IMMEDIATE,
      });
      if (rows.length === 0) return;
      deps.crash?.('claim:after');
      for (const row of rows) {
        const chat =
          row.channel === null || row.to === null ? row.id : chatKey({ channel: row.channel, address: row.to });
        void chats.run(chat, () => start(row));
      }
      if (chats.count() >= IN_FLIGHT) await chats.allIdle();
    }
  };

  /** Rows that wait for a channel which is up again go first, so that a chat keeps its order. */
  const wakeHeld = async (): Promise<void> => {
    for (const row of waiting.values()) {
      const channel = row.channel;
      if (channel === null || !isConnected(deps, channel) || deps.pacing.limitedUntil(channel) !== null) continue;
      waiting.delete(row.id);
      await records.own(row, (current) => ({ ...current, lookAt: current.dueAt }));
    }
  };

  const flush = async (): Promise<void> => {
    await pumps.run('pump', pump);
    await chats.allIdle();
  };

  return {
    held(row) {
      waiting.set(row.id, row);
    },
    async enqueue(rows) {
      if (rows.length === 0) return;
      await outbox.plan(rows, clock.now());
      flush().catch((error: unknown) => log.error('replies.pumpFailed', { error }));
    },
    flush,
    async stop() {
      stopping = true;
      await flush();
    },
  };
}
