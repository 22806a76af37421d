import { DateTime } from 'luxon';
import type { Message } from '../../core/message.ts';
import type { ChargeOf } from '../../core/money.ts';
import { createLanes } from '../lanes.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Receipts } from './receipts.ts';
import type { Records } from './records.ts';
import { toSent } from './row.ts';

const PAGE = 100;

/** Records what was accepted and does all that follows from it, exactly once in effect. */
export interface Settle {
  /** False when the row was no longer ours: whoever has it now finds out for himself. */
  sent(row: Message, answer: { attemptId: string; providerId: string; delivered: boolean }): Promise<boolean>;
  /** Charge or release, the identity, what the scenario plans next; then the mark is taken away. Repeating it changes nothing. */
  settle(row: Message): Promise<void>;
  /** Settles every row that still carries a mark. */
  sweep(): Promise<void>;
  /** Sweeps if a settlement of this process failed since the last sweep. */
  sweepIfNeeded(): Promise<void>;
  /** Gives the reserved price back. Call it while the row is ours and nothing of it can have left. */
  release(row: Message): Promise<void>;
}

/** Turns holds into charges or gives them back, and goes on with those that a crash left open. */
export function createSettle(
  deps: DeliveryDeps,
  records: Records,
  receipts: Receipts,
  /** Says what takes back a scenario message that its visit overtook; may be repeated. */
  correct: (row: Message) => Promise<void>,
): Settle {
  const { outbox, ledger, clock, log, metrics } = deps;
  /** A charge and a refund of one message must not overtake each other. */
  const lanes = createLanes();
  let needed = false;

  const release = async (row: Message): Promise<void> => {
    if (row.kind === 'scenario' && row.branch !== null) await ledger.release(row.branch, row.id);
  };

  const charge = async (row: Message): Promise<void> => {
    const of = chargeOf(row);
    if (of === null || row.sentAt === null) return;
    const zone = await deps.zoneOf(of.branch);
    const day = DateTime.fromJSDate(row.sentAt).setZone(zone).toISODate();
    if (day === null) throw new Error('A stored zone is a zone.');
    await ledger.charge(of, row.price, row.sentAt, day);
    deps.crash?.('charge:after');
    await deps.decider.sent(row, clock.now());
    await correct(row);
  };

  const saw = async (row: Message): Promise<void> => {
    // Alerts and staff messages tell others of a patient: where they go is no chat of that patient.
    if (row.kind === 'alert' || row.kind === 'staff') return;
    if (row.patient === null || row.channel === null || row.to === null || row.sentAt === null) return;
    await deps.identities.sawOutbound({ channel: row.channel, address: row.to }, row.patient, row.sentAt);
  };

  const settleNow = async (row: Message): Promise<void> => {
    try {
      if (row.unsettled === 'charge') await charge(row);
      if (row.unsettled === 'release') await release(row);
      if (row.unsettled === 'refund' && row.branch !== null) await ledger.refund(row.branch, row.id);
      if (row.sentAt !== null) await saw(row);
      if (row.unsettled === null) return;
      const ended = await records.amend(row, (current) => {
        if (row.unsettled === 'charge' && hasBounced(current)) return { ...current, unsettled: 'refund' };
        return current.unsettled === null ? null : { ...current, unsettled: null };
      });
      if (ended?.unsettled === 'refund') await settleNow(ended);
    } catch (error) {
      needed = true;
      log.error('message.unsettled', { message: row.id, error });
    }
  };

  const settle = (row: Message): Promise<void> => lanes.run(row.id, () => settleNow(row));

  const sweep = async (): Promise<void> => {
    needed = false;
    const seen = new Set<string>();
    for (;;) {
      const rows = (await outbox.unsettled(PAGE)).filter(({ id }) => !seen.has(id));
      if (rows.length === 0) return;
      for (const row of rows) {
        seen.add(row.id);
        if (row.state !== 'claimed' && row.state !== 'sending') await settle(row);
      }
    }
  };

  return {
    release,
    settle,
    sweep,
    sweepIfNeeded: async () => {
      if (needed) await sweep();
    },
    async sent(row, answer) {
      deps.crash?.('record:before');
      const saved = await records.own(row, (current) => toSent(current, answer, clock.now()));
      if (saved === null) {
        log.info('message.lost', { message: row.id, stage: 'sent' });
        return false;
      }
      deps.crash?.('record:after');
      if (saved.channel !== null) metrics.sent({ scenario: saved.scenario ?? saved.kind, channel: saved.channel });
      metrics.lateSeconds(Math.max(0, (clock.now().getTime() - saved.dueAt.getTime()) / 1000));
      // Charged before a refusal that waits for this record is heard: it gives back what it finds.
      await settle(saved);
      if (saved.channel !== null) await receipts.join(saved.channel, answer.providerId);
      return true;
    },
  };
}

/** Taken back by a later refusal while it was being charged. */
function hasBounced({ state }: Message): boolean {
  return state === 'planned' || state === 'failed';
}

/** What the ledger is told of a scenario message; null for those that cost nothing. */
function chargeOf(row: Message): ChargeOf | null {
  const { id, branch, scenario, channel } = row;
  return branch === null || scenario === null || channel === null ? null : { message: id, branch, scenario, channel };
}
