import type { Connection } from 'mongoose';
import type { NewId } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { ChargeOf, Funds, LedgerStore } from '../core/money.ts';
import { type Account, createAccounts } from './accounts.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { insertNew } from './upsert.ts';

/** A line of the ledger: a charge under message and attempt, a top-up under branch and key. */
interface LedgerDocument extends Keyed {
  /** `refunded`: a charge that was given back; it stays, so that the attempt is not charged again. */
  readonly kind: 'charge' | 'refunded' | 'topUp';
  readonly branch: string;
  readonly amount: number;
  readonly at: Date;
  /** Charges: which settlement wrote the line, the local day, and what for. */
  readonly token?: string;
  /** Which refund took the charge back. */
  readonly refund?: string;
  readonly day?: string;
  readonly scenario?: string;
  readonly channel?: string;
  readonly note?: string;
}

const schema = collectionSchema<LedgerDocument>('ledger', {
  kind: String,
  branch: String,
  amount: Number,
  at: Date,
  token: String,
  refund: String,
  day: String,
  scenario: String,
  channel: String,
  note: String,
});
schema.index({ branch: 1, kind: 1, at: 1 });
schema.index({ scenario: 1, branch: 1, at: 1 });

/**
 * The ledger. An account's document decides (holds never overdraw it); the lines are the record. A charge leaves the account
 * and enters the lines under one token, so that after a crash between the two the repeat ends it, and counts it once; it comes
 * back the same way.
 */
export function createLedgerStore(connection: Connection, newId: NewId): LedgerStore {
  const model = connection.model<LedgerDocument>('Ledger', schema);
  const accounts = createAccounts(connection);

  /** The line of an attempt; an earlier version charged under the message's own id. */
  const lineOf = async ({ message, attempt }: ChargeOf): Promise<LedgerDocument | null> => {
    const lines = await model.find({ _id: { $in: [`${message}/${attempt}`, message] } }).lean<LedgerDocument[]>();
    return lines.find(({ _id }) => _id !== message) ?? lines.find(({ kind }) => kind === 'charge') ?? null;
  };

  const settle = async (branch: string, message: string, charge: Account['settling'][string]): Promise<void> => {
    const { token, line: _id = message, amount, at, day, scenario, channel } = charge;
    const line = { _id, kind: 'charge', branch, amount, at, token, day, scenario, channel } as const;
    const written = await insertNew(model, line);
    const stored = written ? line : await model.findOne({ _id }).lean<LedgerDocument>();
    // Another settlement of the same attempt was there first: this one is taken back.
    await accounts.settled(branch, message, charge, stored?.token === token);
  };

  const charge: LedgerStore['charge'] = async (of, amount, at, day) => {
    const { message, attempt, branch, scenario, channel } = of;
    for (;;) {
      const account = await accounts.get(branch);
      const under = account.settling[message];
      const held = account.holds[message];
      if (under !== undefined) await settle(branch, message, under);
      // Looked for before the hold is touched, which may be that of the message's next attempt.
      else if ((await lineOf(of)) !== null) return;
      else if (held === undefined) await accounts.holdAnyway(of);
      else {
        const line = `${message}/${attempt}`;
        const settling = { token: newId(), line, amount, at, day, scenario, channel };
        if (await accounts.startSettling(branch, message, held, settling)) return settle(branch, message, settling);
      }
    }
  };

  const refund: LedgerStore['refund'] = async (of, at, day) => {
    const { message, branch } = of;
    // One that was not charged is charged nothing, for its hold: a charge under way finds that line and is taken back.
    await charge(of, 0, at, day);
    for (;;) {
      const under = (await accounts.get(branch)).refunding?.[message];
      if (under === undefined) {
        const line = await lineOf(of);
        if (line?.kind !== 'charge') return;
        await accounts.startRefunding(branch, message, { token: newId(), line: line._id, amount: line.amount });
      } else {
        // The line decides, once, which refund of it brings the money back.
        const { line: _id, token } = under;
        await model.updateOne({ _id, kind: 'charge' }, { $set: { kind: 'refunded', refund: token } });
        const line = await model.findOne({ _id }).lean<LedgerDocument>();
        await accounts.refunded(branch, message, under, line?.refund === token);
      }
    }
  };

  return {
    topUp: async (branch, amount, key, at, note) => {
      const id = `${branch} ${key}`;
      const line = { _id: id, kind: 'topUp', branch, amount, at, ...(note !== undefined && { note }) } as const;
      const created = await insertNew(model, line);
      if (!created) {
        const stored = await model.findOne({ _id: id }).lean<LedgerDocument>();
        if (stored?.amount !== amount || stored.note !== note) {
          throw new AppError('idempotencyMismatch', 'the key was used for another top-up');
        }
      }
      await accounts.topUp(branch, amount, key);
      return { funds: fundsOf(await accounts.get(branch)), created };
    },
    funds: async (branch) => fundsOf(await accounts.get(branch)),
    hold: async (of, amount) => {
      // What is charged already needs no hold: a repeat would reserve it for ever. The range is the message's own lines.
      const lines = { _id: { $gte: of.message, $lt: `${of.message}0` }, kind: 'charge' } as const;
      return (await model.exists(lines)) !== null || accounts.hold(of, amount);
    },
    charge,
    release: (branch, message) => accounts.release(branch, message),
    refund,
    spend: async ({ branches, from, to }, groupBy) => {
      const range = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
      const charges = { kind: 'charge', branch: { $in: branches }, ...((from ?? to) && { at: range }) };
      const groups = await model.aggregate<{ _id: string; messages: number; amount: number }>([
        { $match: charges },
        { $group: { _id: `$${groupBy}`, messages: { $sum: 1 }, amount: { $sum: '$amount' } } },
        { $sort: { _id: 1 } },
      ]);
      const reserved = (await accounts.getMany(branches)).reduce((sum, account) => sum + account.reserved, 0);
      return {
        total: groups.reduce((sum, group) => sum + group.amount, 0),
        reserved,
        groups: groups.map(({ _id, messages, amount }) => ({ key: _id, messages, amount })),
      };
    },
    spentBy: async (branch, scenario, since) => {
      const charges = { scenario, ...(branch !== null && { branch }), kind: 'charge', at: { $gte: since } };
      const [sum] = await model.aggregate<{ amount: number }>([
        { $match: charges },
        { $group: { _id: null, amount: { $sum: '$amount' } } },
      ]);
      return sum?.amount ?? 0;
    },
  };
}

function fundsOf({ topUps, spent, reserved }: Account): Funds {
  return { balance: topUps - spent, reserved };
}
