import { DateTime } from 'luxon';
import type { Attempt, Message } from '../../core/message.ts';
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
  /** Charge, release or refund, the identity, what the scenario plans next; then the mark is taken away. Repeating it changes nothing. Never rejects: a later sweep goes on. */
  settle(row: Message): Promise<void>;
  /** Settles before anything else is done with the row; rejects where it could not. */
  settleFirst(row: Message): Promise<void>;
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
  /** What is done twice at the same moment is done once. */
  const lanes = createLanes();
  let needed = false;

  const release = async (row: Message): Promise<void> => {
    if (row.kind === 'scenario' && row.branch !== null) await ledger.release(row.branch, row.id);
  };

  const dayOf = async (branch: string, at: Date): Promise<string> => {
    const day = DateTime.fromJSDate(at)
      .setZone(await deps.zoneOf(branch))
      .toISODate();
    if (day === null) throw new Error('A stored zone is a zone.');
    return day;
  };

  const charge = async (row: Message): Promise<void> => {
    const of = chargeOf(row);
    if (of === null || row.sentAt === null) return;
    await ledger.charge(of, row.price, row.sentAt, await dayOf(of.branch, row.sentAt));
    deps.crash?.('charge:after');
    await deps.decider.sent(row, clock.now());
    await correct(row);
  };

  const refund = async (row: Message): Promise<void> => {
    const of = chargeOf(row);
    const now = clock.now();
    if (of !== null) await ledger.refund(of, now, await dayOf(of.branch, now));
  };

  const saw = async (row: Message): Promise<void> => {
    // Alerts and staff messages tell others of a patient: where they go is no chat of that patient.
    if (row.kind === 'alert' || row.kind === 'staff') return;
    if (row.patient === null || row.channel === null || row.to === null || row.sentAt === null) return;
    await deps.identities.sawOutbound({ channel: row.channel, address: row.to }, row.patient, row.sentAt);
  };

  const pay = async (row: Message): Promise<void> => {
    if (row.unsettled === 'charge') await charge(row);
    if (row.unsettled === 'release') await release(row);
    if (row.unsettled === 'refund') await refund(row);
    if (row.sentAt !== null) await saw(row);
  };

  const settleFirst = async (row: Message): Promise<void> => {
    await lanes.run(row.id, () => pay(row));
    const { channel, result, providerId } = attemptOf(row) ?? {};
    // A refusal that waits for this record is heard when its address is known, and while the mark still says what is left to do.
    if (channel !== undefined && result === 'sent' && providerId !== undefined)
      await receipts.join(channel, providerId);
    if (row.unsettled === null) return;
    // A mark that was set meanwhile, for a refusal or the next attempt, is somebody else's to settle.
    await records.amend(row, (current) =>
      current.unsettled === row.unsettled && attemptOf(current)?.id === attemptOf(row)?.id
        ? { ...current, unsettled: null }
        : null,
    );
  };

  const settle = async (row: Message): Promise<void> => {
    try {
      await settleFirst(row);
    } catch (error) {
      needed = true;
      log.error('message.unsettled', { message: row.id, error });
    }
  };

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
    settleFirst,
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
      await settle(saved);
      return true;
    },
  };
}

/** The attempt that the mark is about: the one that was accepted, or accepted and refused later. */
function attemptOf({ attempts, unsettled }: Message): Attempt | undefined {
  const spokeFor = ({ result, providerId }: Attempt): boolean =>
    unsettled === 'refund' ? result === 'refused' && providerId !== undefined : result === 'sent';
  return attempts.findLast(spokeFor) ?? attempts.at(-1);
}

/** What the ledger is told of a scenario message; null for those that cost nothing. */
function chargeOf(row: Message): ChargeOf | null {
  const { id, branch, scenario } = row;
  const { id: attempt = id, channel = row.channel } = attemptOf(row) ?? {};
  return branch === null || scenario === null || channel === null
    ? null
    : { message: id, attempt, branch, scenario, channel };
}
