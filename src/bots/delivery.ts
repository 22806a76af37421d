import type { Receipt } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Message, Sender } from '../core/message.ts';
import type { MessageDesk } from '../core/message-desk.ts';
import { NOTHING_DONE, type TimedWork, type WorkDone } from '../core/timed-work.ts';
import { createBounce } from './delivery/bounce.ts';
import { type DeliveryDeps, LEASE_MS } from './delivery/deps.ts';
import { createFairClaim } from './delivery/fair-claim.ts';
import { createHandOver } from './delivery/hand-over.ts';
import { createMessageDesk } from './delivery/message-desk.ts';
import { createPoison } from './delivery/poison.ts';
import { createPool } from './delivery/pool.ts';
import { createPurge } from './delivery/purge.ts';
import { createOpenQuestions } from './delivery/questions.ts';
import { createReceipts } from './delivery/receipts.ts';
import { createRecords } from './delivery/records.ts';
import { createRecovery } from './delivery/recovery.ts';
import { createReplies, IMMEDIATE } from './delivery/replies.ts';
import { createReplyLook } from './delivery/reply-look.ts';
import { createScenarioLook } from './delivery/scenario-look.ts';
import { createSettle, type Settle } from './delivery/settle.ts';

/** How messages leave. Nothing else calls a channel for a message of the outbox. */
export interface Delivery extends MessageDesk {
  /** Scenario messages that are due. */
  readonly work: TimedWork;
  /** Replies, alerts and staff messages that are to be tried again. */
  readonly replies: TimedWork;
  readonly sender: Sender;
  /** Gives back what an earlier process had claimed; call it before anything new is said, so that a chat keeps its order. */
  takeOver(): Promise<void>;
  /** Goes on with what an earlier process left in the middle; call it once, when the channels have started. */
  recover(): Promise<void>;
  receipts(receipt: Receipt): Promise<void>;
  /** Cancels what is due and waits for this channel; gives how many. */
  purgeQueue(channel: ChannelName): Promise<number>;
  /** Claims nothing more; resolves when what is under way has ended. What was claimed and not begun is done by the next start. */
  stop(): Promise<void>;
}

/** Claims by compare-and-set, decides again, holds the price, writes the attempt, hands over, settles (docs/ARCHITECTURE.md). */
export function createDelivery(deps: DeliveryDeps): Delivery {
  const { outbox, wall } = deps;
  const records = createRecords(outbox);
  const questions = createOpenQuestions(deps);
  const receipts = createReceipts(deps, records, {
    arrived: (row, answer) => settle.sent(row, answer),
    bounced: (row, receipt) => bounce(row, receipt),
  });
  const correct = async (row: Message): Promise<void> =>
    replies.enqueue(await deps.decider.corrections(row, deps.clock.now()));
  const settle: Settle = createSettle(deps, records, receipts, correct);
  const bounce = createBounce({ deps, records, settle, questions });
  const handOver = createHandOver(deps, records);
  const poison = createPoison(deps, records, (row) => settle.release(row));
  const look = createScenarioLook({ deps, records, settle, handOver, questions, correct });
  const held = (row: Message): void => replies.held(row);
  const replies = createReplies(deps, records, poison, createReplyLook({ deps, records, settle, handOver, held }));
  const recovery = createRecovery(deps, records, settle);
  const pool = createPool(deps.concurrency);
  const claim: DeliveryDeps['outbox']['claim'] =
    deps.branches === undefined
      ? (query) => outbox.claim(query)
      : createFairClaim({ claim: (query) => outbox.claim(query), branches: deps.branches });

  let stopping = false;

  const run = async (now: Date): Promise<WorkDone> => {
    await poison.freeStuck();
    await settle.sweepIfNeeded();
    let done = NOTHING_DONE;
    while (!stopping) {
      const limit = await pool.free();
      const [owner, wallMs] = [deps.owner, wall.nowMs()];
      const rows = await claim({ now, wallMs, owner, leaseMs: LEASE_MS, limit, kinds: ['scenario'] });
      if (rows.length === 0) break;
      deps.crash?.('claim:after');
      for (const row of rows)
        pool.run(async () => {
          const did = await poison.guard(row, () => look(row), NOTHING_DONE);
          done = { sent: done.sent + did.sent, skipped: done.skipped + did.skipped };
        });
    }
    await pool.idle();
    return done;
  };

  return {
    ...createMessageDesk(deps, records, settle),
    work: { name: 'delivery', nextAt: () => outbox.nextLookAt(['scenario']), run },
    replies: {
      name: 'replies',
      nextAt: () => outbox.nextLookAt(IMMEDIATE),
      run: async () => {
        await replies.flush();
        return NOTHING_DONE;
      },
    },
    sender: replies,
    takeOver: recovery.takeOver,
    async recover() {
      await recovery.recover();
      await replies.flush();
    },
    async stop() {
      stopping = true;
      await Promise.all([pool.idle(), replies.stop()]);
    },
    receipts: (receipt) => receipts.take(receipt),
    purgeQueue: createPurge(deps, records, settle),
  };
}
