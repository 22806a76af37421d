import type { ChannelName } from './channel-name.ts';
import type { Page, PageRequest } from './page.ts';

/** Prices of one message (SMS: one segment) in minor units of a currency. */
export type Prices = Readonly<Record<ChannelName, number>>;

/** Prices where no tariff was set (spec: scenarios.md, Money). */
export const DEFAULT_PRICES: Prices = { whatsapp: 100, sms: 400, telegram: 0, email: 0, voice: 600 };

export interface Tariff {
  readonly currency: string;
  readonly from: Date;
  readonly prices: Prices;
}

/** `available` = balance − reserved: what a further message may cost. */
export interface Funds {
  readonly balance: number;
  readonly reserved: number;
}

interface SpendGroup {
  readonly key: string;
  readonly messages: number;
  readonly amount: number;
}

interface SpendQuery {
  readonly branches: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

export interface ChargeOf {
  /** Our message id: a message is charged once. */
  readonly message: string;
  readonly branch: string;
  readonly scenario: string;
  readonly channel: ChannelName;
}

/** All calls may be repeated: a hold, charge, release or top-up of the same id counts once. Amounts are minor units. */
export interface LedgerStore {
  topUp(
    branch: string,
    amount: number,
    key: string,
    at: Date,
    note?: string,
  ): Promise<{ readonly funds: Funds; readonly created: boolean }>;
  funds(branch: string): Promise<Funds>;
  /** Reserves the price; false when balance less reserved does not cover it. A hold for another price replaces the message's own. */
  hold(of: ChargeOf, amount: number): Promise<boolean>;
  /** The hold becomes a charge (0 is recorded too). */
  charge(of: ChargeOf, amount: number, at: Date, day: string): Promise<void>;
  release(branch: string, message: string): Promise<void>;
  /** Gives back what a message cost, or holds: it was accepted and did not arrive. The message may be held and charged anew. */
  refund(branch: string, message: string): Promise<void>;
  spend(
    query: SpendQuery,
    groupBy: 'scenario' | 'channel' | 'branch' | 'day',
  ): Promise<{ readonly total: number; readonly reserved: number; readonly groups: readonly SpendGroup[] }>;
  /** Sum charged for one scenario of a branch since a moment. */
  spentBy(branch: string | null, scenario: string, since: Date): Promise<number>;
}

export interface TariffStore {
  /** The prices in force for a currency; the defaults before the first tariff. */
  at(currency: string, now: Date): Promise<Prices>;
  put(tariff: { currency: string; from: Date; prices: Partial<Prices> }): Promise<Tariff>;
  list(page: PageRequest): Promise<Page<Tariff>>;
}
