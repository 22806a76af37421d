import type { ChatAddress } from '../../core/address.ts';
import type {
  Channel,
  ChannelAbilities,
  ChannelEvents,
  ChannelHealth,
  FindResult,
  OutgoingMessage,
  SendResult,
} from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import { type Clock, MINUTE_MS } from '../../core/clock.ts';
import { type RenderedText, withNumberedChoices } from '../../core/content.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { SimulatedMessage, SimulatedMode, SimulatorStore } from '../../core/simulator.ts';
import { smsText } from '../../core/sms-text.ts';
import { ASK_AFTER_MS } from '../unknown-outcome.ts';

export const SIMULATED = ['whatsapp', 'telegram', 'sms', 'email'] as const;
export type SimulatedName = (typeof SIMULATED)[number];

const ABILITIES: Readonly<Record<SimulatedName, ChannelAbilities>> = {
  whatsapp: { buttons: 3, list: 10, freeFormWindowHours: null, receipts: 'read' },
  telegram: { buttons: 100, list: 0, freeFormWindowHours: null, receipts: 'none' },
  sms: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'delivered' },
  email: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'none' },
};
const RETRY_AFTER_MS = MINUTE_MS;

/** A channel whose platform is the simulator's store. */
export interface SimulatedChannel extends Channel {
  readonly name: SimulatedName;
  setMode(mode: SimulatedMode): Promise<void>;
  /** Takes its mode from the store again, as after a reset of the demo. */
  reload(): Promise<void>;
  /** The patient wrote: what the platform tells us then. Resolves when the message is durable with us. */
  wrote(line: SimulatedMessage): Promise<void>;
}

/** Behaves as the mode says (spec: api.md, POST /demo/channels); each attempt is kept by its id and can be asked for. */
export function createSimulatedChannel(
  name: SimulatedName,
  { store, clock }: { store: SimulatorStore; clock: Clock },
): SimulatedChannel {
  const can = ABILITIES[name];
  let events: ChannelEvents | null = null;
  let mode: SimulatedMode = 'up';
  let since = clock.now();
  let started = false;
  let limitedUntil: Date | null = null;

  const sent = (attemptId: string): SendResult & FindResult =>
    can.receipts === 'none'
      ? { kind: 'sent', providerId: attemptId }
      : { kind: 'sent', providerId: attemptId, delivered: true };

  const deliver = async ({ attemptId, messageId, to, text }: OutgoingMessage): Promise<SendResult> => {
    const at: ChatAddress = { channel: name, address: to };
    if (await store.isUnreachable(at)) return { kind: 'refused', reason: 'unreachable' };
    await store.add({
      id: attemptId,
      at,
      from: 'bot',
      sentAt: clock.now(),
      ...(name === 'sms' ? { text: smsText(text), choices: [] } : shown(text, can)),
      status: can.receipts === 'none' ? 'sent' : 'delivered',
      attemptId,
      messageId,
    });
    return sent(attemptId);
  };

  const reload = async (): Promise<void> => {
    const stored = await store.mode(name);
    mode = stored?.mode ?? 'up';
    since = stored?.since ?? clock.now();
    limitedUntil = null;
  };

  const wrote = async (line: SimulatedMessage): Promise<void> => {
    if (events === null) throw new Error(`The simulated channel ${name} was not started.`);
    if (can.receipts === 'read') {
      for (const { attemptId } of await store.markRead(line.at))
        if (attemptId !== undefined)
          await events.receipt({ channel: name, providerId: attemptId, status: 'read', at: line.sentAt });
    }
    await events.received(inboundOf(line));
  };

  return {
    name,
    can,
    async start(to) {
      events = to;
      await reload();
      started = true;
      // A crash between the phone's line and our storing it loses nothing: the platform gives its newest lines again.
      for (const line of await store.chats())
        if (line.at.channel === name && line.from === 'patient') await wrote(line);
    },
    async stop() {
      started = false;
    },
    async send(message) {
      switch (mode) {
        case 'up':
          return deliver(message);
        case 'down':
          return { kind: 'retry', afterMs: RETRY_AFTER_MS, reason: 'down' };
        case 'limited':
          limitedUntil = new Date(clock.now().getTime() + RETRY_AFTER_MS);
          return { kind: 'retry', afterMs: RETRY_AFTER_MS, reason: 'rateLimited' };
        case 'failing':
          return { kind: 'refused', reason: 'failing' };
        case 'silent':
          return { kind: 'unknown', askAfterMs: ASK_AFTER_MS };
        default:
          return mode satisfies never;
      }
    },
    async find(attemptId) {
      if (mode === 'silent' || mode === 'down') return { kind: 'silent' };
      return (await store.byAttempt(attemptId)) === null ? { kind: 'absent' } : sent(attemptId);
    },
    health(): ChannelHealth {
      if (!started) return { state: 'connecting', since };
      if (mode === 'down') return { state: 'down', since };
      if (mode !== 'limited') return { state: 'up', since };
      const held = limitedUntil !== null && limitedUntil > clock.now();
      return { state: 'limited', since, ...(held && limitedUntil !== null ? { limitedUntil } : {}) };
    },
    async setMode(next) {
      mode = next;
      since = clock.now();
      limitedUntil = null;
      await store.setMode(name, next, since);
    },
    reload,
    wrote,
  };
}

/** True for the channels that have a simulated phone. */
export function isSimulated(name: ChannelName): name is SimulatedName {
  return (SIMULATED as readonly string[]).includes(name);
}

/** Where the channel has no buttons, or fewer rows than choices, they are numbered lines of the text. */
function shown(text: RenderedText, can: ChannelAbilities): Pick<SimulatedMessage, 'text' | 'choices'> {
  return text.choices.length <= Math.max(can.buttons, can.list)
    ? { text: text.text, choices: text.choices }
    : { text: withNumberedChoices(text), choices: [] };
}

function inboundOf(line: SimulatedMessage): InboundMessage {
  if (line.body === undefined) throw new Error('A line of the patient says what was done.');
  return { id: line.id, from: line.at, at: line.sentAt, body: line.body };
}
