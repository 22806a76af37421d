import type { CrashPoint, DeliveryDeps } from '../../src/bots/delivery/deps.ts';
import { createDelivery, type Delivery } from '../../src/bots/delivery.ts';
import { createPacing } from '../../src/bots/pacing.ts';
import type { Channel, FindResult, OutgoingMessage, SendResult } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import type { Content, Render } from '../../src/core/content.ts';
import type { Message, NewMessage, OutboxStore, Verdict } from '../../src/core/message.ts';
import type { LedgerStore } from '../../src/core/money.ts';
import type { Opening } from '../../src/core/opening.ts';
import type { Stores } from '../../src/core/stores.ts';
import { countIds } from './count-ids.ts';
import { countedMetrics } from './counted-metrics.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { gate } from './gate.ts';
import { quietLog } from './quiet-log.ts';

const START = '2026-03-02T09:00:00Z';
export const at = (time: string): Date => new Date(`2026-03-02T${time}Z`);

/** A platform that answers by script and remembers what arrived there; it outlives the processes that use it. */
interface ScriptedChannel extends Channel {
  /** What arrived, once each. */
  readonly arrived: readonly OutgoingMessage[];
  /** Resolves when something has arrived. */
  arrival(): Promise<void>;
  /** Every call of `send`. */
  readonly calls: readonly OutgoingMessage[];
  /** The next answers, in order; `lost` takes the message and does not answer. Then everything is accepted. */
  answer(...answers: readonly (SendResult | 'lost' | Error)[]): void;
  /** What it says when asked; null: the truth. */
  find(attemptId: string): Promise<FindResult>;
  asked(result: FindResult | null): void;
  state: 'up' | 'down';
}

function scriptedChannel(name: ChannelName, since: Date = new Date(START)): ScriptedChannel {
  const arrived: OutgoingMessage[] = [];
  const calls: OutgoingMessage[] = [];
  const script: (SendResult | 'lost' | Error)[] = [];
  const first = gate();
  let said: FindResult | null = null;
  return {
    name,
    can: { buttons: 3, list: 10, freeFormWindowHours: null, receipts: 'read' },
    arrived,
    calls,
    arrival: () => first.opened,
    state: 'up',
    start: async () => undefined,
    stop: async () => undefined,
    answer(...answers) {
      script.push(...answers);
    },
    asked(result) {
      said = result;
    },
    async send(message) {
      calls.push(message);
      const next = script.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined && next !== 'lost' && next.kind !== 'sent') return next;
      if (!arrived.some(({ attemptId }) => attemptId === message.attemptId)) arrived.push(message);
      first.open();
      if (next === 'lost') return { kind: 'unknown', askAfterMs: 30_000 };
      return next ?? { kind: 'sent', providerId: `wamid-${message.attemptId}` };
    },
    async find(attemptId) {
      if (said !== null) return said;
      return arrived.some((one) => one.attemptId === attemptId)
        ? { kind: 'sent', providerId: `wamid-${attemptId}` }
        : { kind: 'absent' };
    },
    health() {
      return { state: this.state, since };
    },
  };
}

export type Decide = (message: Message, now: Date) => Verdict | Promise<Verdict>;

const words: Render = (content, locale) => ({
  key: content.key,
  locale,
  text: `${content.key} ${Object.values(content.values).join(' ')}`.trim(),
  choices: (content.choices ?? []).map(({ id, title }) => ({ id, title: title ?? id })),
});

export const QUESTION: Opening = {
  id: 'c-1',
  machine: 'confirmation',
  context: { appointments: ['v1'] },
  expiresAt: null,
};

/** A verdict that sends through WhatsApp for 100. */
export function toSend(change: Partial<Extract<Verdict, { do: 'send' }>> = {}): Verdict {
  return {
    do: 'send',
    channel: 'whatsapp',
    to: '+995555123456',
    price: 100,
    currency: 'GEL',
    locale: 'en',
    content: { key: 'scenarios.confirmation', values: {}, choices: [{ id: 'confirm', key: null, title: 'Yes' }] },
    also: [],
    patient: 'jane',
    branch: 'hill',
    opening: null,
    tried: [{ channel: 'whatsapp', used: true }],
    latestAt: at('12:00:00'),
    ...change,
  };
}

/** Tries WhatsApp, then Telegram, then says that all have refused. */
export const cascade: Decide = ({ refusedOn }) => {
  if (!refusedOn.includes('whatsapp')) return toSend();
  if (!refusedOn.includes('telegram')) return toSend({ channel: 'telegram', to: '700', price: 0 });
  return { do: 'fail', tried: [{ channel: 'whatsapp', used: false, reason: 'refused' }] };
};

/** Delivery with a world that outlives it: processes are started over the same outbox, ledger and platforms. */
export interface Bench {
  readonly clock: FakeClock;
  readonly outbox: OutboxStore;
  readonly ledger: LedgerStore;
  readonly whatsapp: ScriptedChannel;
  readonly telegram: ScriptedChannel;
  readonly log: ReturnType<typeof quietLog>;
  readonly metrics: ReturnType<typeof countedMetrics>;
  /** What conversations, identities and the decider were told, as `open c-1 whatsapp:+995…`. */
  readonly told: readonly string[];
  decide: Decide;
  /** A process of its own; `dies` ends it there, and no later step of it ever comes. */
  process(options?: {
    owner?: string;
    exclusive?: boolean;
    dies?: CrashPoint;
    deps?: Partial<DeliveryDeps>;
  }): Delivery & { readonly died: Promise<void> };
  /** What was charged, as `whatsapp 1×100`. */
  charged(): Promise<readonly string[]>;
  plan(row?: Partial<NewMessage>): Promise<Message>;
  row(id: string): Promise<Message>;
}

/** Empties the test file's database: one bench at a time. */
export async function deliveryBench({
  outbox,
  ledger,
  simulator,
  paces,
  inbound,
  parkedReceipts,
}: Stores): Promise<Bench> {
  await simulator.reset();
  const clock = fakeClock(START);
  const newId = countIds('attempt');
  await ledger.topUp('hill', 1000, 'first', clock.now());
  const whatsapp = scriptedChannel('whatsapp');
  const telegram = scriptedChannel('telegram');
  const channels = new Map<ChannelName, Channel>([
    ['whatsapp', whatsapp],
    ['telegram', telegram],
  ]);
  const told: string[] = [];
  const log = quietLog();
  const metrics = countedMetrics();
  let planned = 0;

  const bench: Bench = {
    clock,
    outbox,
    ledger,
    whatsapp,
    telegram,
    told,
    log,
    metrics,
    decide: () => toSend(),
    process({ owner = 'p1', exclusive = true, dies, deps = {} } = {}) {
      const end = mortal(dies);
      const delivery = createDelivery({
        outbox: end.mortal(outbox),
        ledger: end.mortal(ledger),
        identities: {
          sawOutbound: async ({ channel, address }, patient) => {
            told.push(`saw ${channel}:${address} ${patient}`);
          },
          at: async () => [],
          close: async ({ channel, address }) => {
            told.push(`closed ${channel}:${address}`);
          },
        },
        inbound,
        parkedReceipts,
        enclosures: async () => ({ sender: {} }),
        conversations: {
          open: async ({ opening, at: { channel, address } }) => {
            told.push(`open ${opening.id} ${channel}:${address}`);
          },
          withdraw: async (id) => {
            told.push(`withdraw ${id}`);
          },
        },
        channels,
        pacing: createPacing({
          clock,
          wall: clock,
          channels,
          paces,
          chance: () => 0.5,
          pause: async (ms) => clock.advance(ms),
          log,
        }),
        pause: async (ms) => clock.advance(ms),
        decider: {
          decide: async (message, now) => bench.decide(message, now),
          sent: async ({ id }) => {
            told.push(`sent ${id}`);
          },
          corrections: async () => [],
          correction: async () => null,
        },
        render: words,
        repeatable: (scenario) => (scenario === 'greeting' || scenario === 'survey' ? 'atMostOnce' : 'atLeastOnce'),
        zoneOf: async () => 'Asia/Tbilisi',
        clock,
        wall: clock,
        newId,
        owner,
        exclusive,
        concurrency: 1,
        log,
        metrics,
        crash: end.crash,
        ...deps,
      });
      return { ...delivery, died: end.died };
    },
    async plan(row = {}) {
      planned += 1;
      const [stored] = await outbox.plan(
        [
          {
            key: `confirmation|a:v${planned}|0|0`,
            kind: 'scenario',
            scenario: 'confirmation',
            subject: { appointment: `v${planned}` },
            patient: 'jane',
            branch: 'hill',
            dueAt: clock.now(),
            latestAt: at('12:00:00'),
            ...row,
          },
        ],
        clock.now(),
      );
      if (stored === undefined) throw new Error('Planning gives the row.');
      return stored;
    },
    async charged() {
      const { groups } = await ledger.spend({ branches: ['hill'] }, 'channel');
      return groups.map(({ key, messages, amount }) => `${key} ${messages}×${amount}`);
    },
    async row(id) {
      const row = await outbox.get(id);
      if (row === null) throw new Error(`There is no message ${id}.`);
      return row;
    },
  };
  return bench;
}

/** A reply to a chat, as the conversations enqueue it. */
export function reply(key: string, change: Partial<NewMessage> = {}): NewMessage {
  const content: Content = { key: 'conversations.thanks', values: { key } };
  return {
    key,
    kind: 'reply',
    patient: 'jane',
    branch: 'hill',
    dueAt: new Date(START),
    channel: 'whatsapp',
    to: '+995555123456',
    locale: 'en',
    content,
    ...change,
  };
}

interface Mortal {
  readonly died: Promise<void>;
  crash(point: CrashPoint): void;
  mortal<T extends object>(store: T): T;
}

/** After the crash point every call of the process hangs for ever, as if it had been killed. */
function mortal(dies: CrashPoint | undefined): Mortal {
  const never = gate().opened;
  const death = gate();
  let dead = false;
  return {
    died: death.opened,
    crash(point) {
      if (point !== dies) return;
      dead = true;
      death.open();
      throw new Error(`killed at ${point}`);
    },
    mortal: (store) =>
      new Proxy(store, {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver);
          if (typeof value !== 'function') return value;
          return (...args: readonly unknown[]): unknown => (dead ? never : Reflect.apply(value, target, args));
        },
      }),
  };
}
