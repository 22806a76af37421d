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

/** What a price is reserved for: a message holds one price at a time, whatever channel it is tried on. */
export interface HoldOf {
  readonly message: string;
  readonly branch: string;
}

/** What is charged: an attempt that a platform took. */
export interface ChargeOf extends HoldOf {
  /** Id of the attempt: each is charged once and given back once, in whatever order the two are asked for. */
  readonly attempt: string;
  readonly scenario: string;
  readonly channel: ChannelName;
}

/** All calls may be repeated, also at the same moment and by several instances, and each counts once. Amounts are minor units. */
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
  hold(of: HoldOf, amount: number): Promise<boolean>;
  /** The hold becomes a charge (0 is recorded too). */
  charge(of: ChargeOf, amount: number, at: Date, day: string): Promise<void>;
  release(branch: string, message: string): Promise<void>;
  /** Gives back what an attempt cost, or its message holds for it: it was accepted and did not arrive. It is never charged again; the message's next attempt is. */
  refund(of: ChargeOf, at: Date, day: string): Promise<void>;
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
