import { type ChatAddress, chatKey } from '../../core/address.ts';
import type { Channel } from '../../core/channel.ts';
import type { Clock, NewId } from '../../core/clock.ts';
import type { SimulatedAct, Simulator } from '../../core/demo.ts';
import { AppError, invalid } from '../../core/errors.ts';
import type { InboundBody } from '../../core/inbound.ts';
import type { SimulatedMessage, SimulatorStore } from '../../core/simulator.ts';
import { createLanes } from '../lanes.ts';
import {
  createSimulatedChannel,
  isSimulated,
  SIMULATED,
  type SimulatedChannel,
  type SimulatedName,
} from './simulated-channel.ts';

/** The phones of the demo, and the channels behind them. */
export interface SimulatorWithChannels extends Simulator {
  readonly channels: ReadonlyMap<SimulatedName, Channel>;
  /** Takes every channel's mode from the store again; call it when the store was reset. */
  reload(): Promise<void>;
}

/**
 * Simulates the named channels (all four by default). `settled` resolves when what this chat said is handled and the
 * replies have been tried; it is asked late, so that the app can build inbound and delivery over these channels.
 */
export function createSimulator(deps: {
  store: SimulatorStore;
  clock: Clock;
  newId: NewId;
  names?: readonly SimulatedName[];
  settled: (at: ChatAddress) => Promise<void>;
}): SimulatorWithChannels {
  const { store, clock } = deps;
  const channels = new Map<SimulatedName, SimulatedChannel>(
    (deps.names ?? SIMULATED).map((name) => [name, createSimulatedChannel(name, { store, clock })]),
  );
  const lanes = createLanes();

  const channelOf = (name: ChatAddress['channel']): SimulatedChannel => {
    const channel = isSimulated(name) ? channels.get(name) : undefined;
    if (channel === undefined) throw new AppError('notFound', `the channel ${name} is not simulated`);
    return channel;
  };

  const act = async (at: ChatAddress, what: SimulatedAct): Promise<readonly SimulatedMessage[]> => {
    const channel = channelOf(at.channel);
    const line = await patientLine(store, at, what);
    const stored: SimulatedMessage = { ...line, id: deps.newId(), sentAt: clock.now() };
    await store.add(stored);
    await channel.wrote(stored);
    await deps.settled(at);
    return (await store.ofChat(at, stored.id)).filter(({ from }) => from === 'bot');
  };

  return {
    channels,
    async reload() {
      for (const channel of channels.values()) await channel.reload();
    },
    chats: () => store.chats(),
    messages: (at, after) => store.ofChat(at, after),
    act: (at, what) => lanes.run(chatKey(at), () => act(at, what)),
    async setMode(name, mode) {
      await channelOf(name).setMode(mode);
    },
    async setReachable(at, reachable) {
      channelOf(at.channel);
      await store.setReachable(at, reachable);
    },
  };
}

async function patientLine(
  store: SimulatorStore,
  at: ChatAddress,
  act: SimulatedAct,
): Promise<Omit<SimulatedMessage, 'id' | 'sentAt'>> {
  const line = (text: string, body: InboundBody) =>
    ({ at, from: 'patient', text, choices: [], status: 'read', body }) as const;
  if ('text' in act) {
    if (act.quote === undefined) return line(act.text, { kind: 'text', text: act.text });
    const quoted = await lineOf(store, at, act.quote, 'quote');
    const quote = quoted.messageId;
    return line(act.text, { kind: 'text', text: act.text, ...(quote === undefined ? {} : { quote }) });
  }
  if ('choice' in act) return tap(store, at, act, line);
  if ('contact' in act) {
    const { phone } = act.contact;
    return line(phone, { kind: 'contact', phone, own: true });
  }
  return line('', { kind: 'media', media: act.media });
}

async function tap<T>(
  store: SimulatorStore,
  at: ChatAddress,
  act: { readonly choice: string; readonly message?: string },
  line: (text: string, body: InboundBody) => T,
): Promise<T> {
  const lines = act.message === undefined ? await store.ofChat(at) : [await lineOf(store, at, act.message, 'message')];
  for (const { choices, messageId } of lines.toReversed()) {
    const title = choices.find(({ id }) => id === act.choice)?.title;
    if (title === undefined) continue;
    const message = messageId === undefined ? {} : { message: messageId };
    return line(title, { kind: 'choice', choice: act.choice, ...message });
  }
  throw invalid('choice', 'no message of this chat offers it');
}

async function lineOf(store: SimulatorStore, at: ChatAddress, id: string, path: string): Promise<SimulatedMessage> {
  const line = await store.byId(id);
  if (line === null || chatKey(line.at) !== chatKey(at)) throw invalid(path, 'is not a message of this chat');
  return line;
}
