import type { Connection } from 'mongoose';
import type { NewId } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Funds, LedgerStore } from '../core/money.ts';
import { type Account, createAccounts } from './accounts.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { insertNew } from './upsert.ts';

/** A line of the ledger: a charge under the message's id, a top-up under branch and key. */
interface LedgerDocument extends Keyed {
  readonly kind: 'charge' | 'topUp';
  readonly branch: string;
  readonly amount: number;
  readonly at: Date;
  /** Charges: which settlement wrote the line, the local day, and what for. */
  readonly token?: string;
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
  day: String,
  scenario: String,
  channel: String,
  note: String,
});
schema.index({ branch: 1, kind: 1, at: 1 });
schema.index({ scenario: 1, branch: 1, at: 1 });

/**
 * The ledger. An account's document decides (holds never overdraw it); the lines are the record. A charge leaves the account
 * and enters the lines under one token, so that after a crash between the two the repeat ends it, and counts it once.
 */
export function createLedgerStore(connection: Connection, newId: NewId): LedgerStore {
  const model = connection.model<LedgerDocument>('Ledger', schema);
  const accounts = createAccounts(connection);

  const settle = async (branch: string, message: string, charge: NonNullable<Account['settling'][string]>) => {
    const { token, amount, at, day, scenario, channel } = charge;
    const line = { _id: message, kind: 'charge', branch, amount, at, token, day, scenario, channel } as const;
    const written = await insertNew(model, line);
    const stored = written ? line : await model.findOne({ _id: message }).lean<LedgerDocument>();
    // Another settlement of the same message was there first: this one is taken back.
    await accounts.settled(branch, message, charge, stored?.token === token);
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
    // What is charged already needs no hold: a repeat would reserve it for ever.
    hold: async (of, amount) => (await model.exists({ _id: of.message })) !== null || accounts.hold(of, amount),
    charge: async (of, amount, at, day) => {
      for (;;) {
        const account = await accounts.get(of.branch);
        const settling = account.settling[of.message];
        if (settling !== undefined) return settle(of.branch, of.message, settling);
        const held = account.holds[of.message];
        if (held === undefined) {
          if ((await model.exists({ _id: of.message })) !== null) return;
          await accounts.holdAnyway(of);
        } else {
          const charge = { token: newId(), amount, at, day, scenario: of.scenario, channel: of.channel };
          await accounts.startSettling(of.branch, of.message, held, charge);
        }
      }
    },
    release: (branch, message) => accounts.release(branch, message),
    refund: async (branch, message) => {
      const settling = (await accounts.get(branch)).settling[message];
      if (settling !== undefined) await settle(branch, message, settling);
      await accounts.release(branch, message);
      const line = await model.findOne({ _id: message }).lean<LedgerDocument>();
      if (line?.kind === 'charge') {
        await accounts.refund(branch, message, line.amount);
        await model.deleteOne({ _id: message });
      }
      await accounts.refunded(branch, message);
    },
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
