import type { Connection, QueryFilter } from 'mongoose';
import type { HoldOf } from '../core/money.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

/** A charge on its way from the account into the ledger's lines. */
interface Settling {
  readonly token: string;
  /** Id of the line; absent in what an earlier version left: the message's own. */
  readonly line?: string;
  readonly amount: number;
  readonly at: Date;
  readonly day: string;
  readonly scenario: string;
  readonly channel: string;
}

/** A charge on its way back from the ledger's lines into the account. */
interface Refunding {
  readonly token: string;
  readonly line: string;
  readonly amount: number;
}

/** A branch's money: `available` = topUps − spent − reserved, kept beside them so that one condition can guard it. */
export interface Account {
  readonly topUps: number;
  readonly spent: number;
  readonly reserved: number;
  readonly available: number;
  /** Reserved amounts by message id. */
  readonly holds: Readonly<Record<string, number>>;
  readonly settling: Readonly<Record<string, Settling>>;
  readonly refunding?: Readonly<Record<string, Refunding>>;
  /** Keys of the top-ups that are counted in. */
  readonly topUpKeys: readonly string[];
}

interface AccountDocument extends Account, Keyed {}

const schema = collectionSchema<AccountDocument>('accounts', {
  topUps: Number,
  spent: Number,
  reserved: Number,
  available: Number,
  holds: {},
  settling: {},
  refunding: {},
  topUpKeys: [String],
});

const EMPTY: Account = { topUps: 0, spent: 0, reserved: 0, available: 0, holds: {}, settling: {}, topUpKeys: [] };

/** One write each, whose condition makes a repeat count once. */
export interface Accounts {
  get(branch: string): Promise<Account>;
  getMany(branches: readonly string[]): Promise<readonly Account[]>;
  topUp(branch: string, amount: number, key: string): Promise<void>;
  /** False when what is available does not cover it. */
  hold(of: HoldOf, amount: number): Promise<boolean>;
  /** An empty hold for a message that was sent without one. */
  holdAnyway(of: HoldOf): Promise<void>;
  release(branch: string, message: string): Promise<void>;
  /** Turns a hold of `held` into a charge; false, and nothing happens, when the hold changed meanwhile. */
  startSettling(branch: string, message: string, held: number, charge: Settling): Promise<boolean>;
  /** The line is written; or, when another charge of the attempt was first, this one is given back. */
  settled(branch: string, message: string, charge: Settling, counts: boolean): Promise<void>;
  /** Notes that a charge is being given back; nothing happens when one of this message is. */
  startRefunding(branch: string, message: string, refund: Refunding): Promise<void>;
  /** The money comes back; or, when the line was given back under another token, only the note goes. */
  refunded(branch: string, message: string, refund: Refunding, counts: boolean): Promise<void>;
}

type Filter = QueryFilter<AccountDocument>;

/** The accounts of the branches. */
export function createAccounts(connection: Connection): Accounts {
  const model = connection.model<AccountDocument>('Account', schema);
  const change = async (branch: string, condition: Record<string, unknown>, update: Record<string, unknown>) => {
    const filter = { _id: branch, ...condition } as Filter;
    return (await model.updateOne(filter, update)).matchedCount === 1;
  };
  const ensure = (branch: string) => upsert(model, branch, { $setOnInsert: EMPTY });
  const get = async (branch: string) => (await model.findOne({ _id: branch }).lean<AccountDocument>()) ?? EMPTY;
  const none = (field: string) => ({ [field]: { $exists: false } });
  return {
    get,
    getMany: async (branches) => model.find({ _id: { $in: branches } }).lean<AccountDocument[]>(),
    topUp: async (branch, amount, key) => {
      await ensure(branch);
      const counted = { $inc: { topUps: amount, available: amount }, $push: { topUpKeys: key } };
      await change(branch, { topUpKeys: { $ne: key } }, counted);
    },
    hold: async ({ branch, message }, amount) => {
      const hold = `holds.${message}`;
      for (;;) {
        const account = await get(branch);
        const held = account.holds[message];
        if (held === amount || account.settling[message] !== undefined) return true;
        const more = amount - (held ?? 0);
        if (more > 0 && more > account.available) return false;
        if (account === EMPTY) await ensure(branch);
        // A condition on money only where there is some to take: a hold of nothing fits an overdrawn account, too.
        const enough = more > 0 ? { available: { $gte: more } } : {};
        const same = held === undefined ? none(hold) : { [hold]: held };
        const update = { $set: { [hold]: amount }, $inc: { reserved: more, available: 0 - more } };
        if (await change(branch, { ...same, ...none(`settling.${message}`), ...enough }, update)) return true;
      }
    },
    holdAnyway: async ({ branch, message }) => {
      await ensure(branch);
      const free = { ...none(`holds.${message}`), ...none(`settling.${message}`) };
      await change(branch, free, { $set: { [`holds.${message}`]: 0 } });
    },
    release: async (branch, message) => {
      const hold = `holds.${message}`;
      for (;;) {
        const held = (await get(branch)).holds[message];
        if (held === undefined) return;
        const update = { $unset: { [hold]: 1 }, $inc: { reserved: 0 - held, available: held } };
        if (await change(branch, { [hold]: held }, update)) return;
      }
    },
    startSettling: async (branch, message, held, charge) => {
      const { amount } = charge;
      const inc = { spent: amount, reserved: 0 - held, available: held - amount };
      const update = { $unset: { [`holds.${message}`]: 1 }, $set: { [`settling.${message}`]: charge }, $inc: inc };
      return change(branch, { [`holds.${message}`]: held, ...none(`settling.${message}`) }, update);
    },
    settled: async (branch, message, { token, amount }, counts) => {
      const back = counts ? {} : { $inc: { spent: 0 - amount, available: amount } };
      const update = { $unset: { [`settling.${message}`]: 1 }, ...back };
      await change(branch, { [`settling.${message}.token`]: token }, update);
    },
    startRefunding: async (branch, message, refund) => {
      await change(branch, none(`refunding.${message}`), { $set: { [`refunding.${message}`]: refund } });
    },
    refunded: async (branch, message, { token, amount }, counts) => {
      const back = counts ? { $inc: { spent: 0 - amount, available: amount } } : {};
      const update = { $unset: { [`refunding.${message}`]: 1 }, ...back };
      await change(branch, { [`refunding.${message}.token`]: token }, update);
    },
  };
}
