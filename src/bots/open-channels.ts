import type { ChatAddress } from '../core/address.ts';
import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ChannelSettings } from '../core/channel-settings.ts';
import type { Sentence } from '../core/content.ts';
import type { Stores } from '../core/stores.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { type ChannelSet, createChannelSet } from './channel-set.ts';
import { createPacing, type Pacing } from './pacing.ts';
import { createRealChannels, type RealChannels } from './real-channels.ts';
import { SIMULATED } from './simulator/simulated-channel.ts';
import { createSimulator, type SimulatorWithChannels } from './simulator/simulator.ts';
import { createTaps } from './taps.ts';

export interface OpenChannels {
  /** Every channel that there is, real or simulated. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly set: ChannelSet;
  readonly pacing: Pacing;
  readonly hooks: RealChannels['hooks'];
  /** Null outside the demo. */
  readonly simulator: SimulatorWithChannels | null;
  /** Channels that send approved templates outside their window, in place of a branch's own texts. */
  readonly templated: readonly ChannelName[];
  /** The bot that deep links lead to; null while there is none, or its name is not known yet. */
  botName(): string | null;
  /** True where choices are numbered lines: the channel has neither buttons nor lists. */
  showsNumbers(name: ChannelName): boolean;
}

const DEMO_WAIT_MS = 30_000;
const DEMO_BOT = 'zabota_demo_bot';

/** The real channels that are set up and, in the demo, simulated ones for the others (spec: api.md, Demo). Nothing is started yet. */
export function openChannels(
  deps: Omit<ChannelDeps, 'memory' | 'taps'> & {
    settings: ChannelSettings;
    sentence: Sentence;
    /** What links in mails are sealed with. */
    secret: string;
    demo: boolean;
    stores: Pick<Stores, 'channelMemory' | 'outbox' | 'paces' | 'simulator'>;
    /** Resolves when what this simulated chat said is handled and the replies have been tried. */
    settled: (at: ChatAddress) => Promise<void>;
  },
): OpenChannels {
  const { settings, demo, stores, settled, ...parts } = deps;
  const { clock, wall, newId, chance, log } = deps;
  const taps = createTaps({ outbox: stores.outbox });
  const real = createRealChannels(settings, { ...parts, memory: stores.channelMemory, taps });
  const names = SIMULATED.filter((name) => !real.channels.has(name));
  const simulator = demo ? createSimulator({ store: stores.simulator, clock, newId, names, settled }) : null;
  const channels = new Map<ChannelName, Channel>([...(simulator?.channels ?? []), ...real.channels]);
  // The demo's clock stands: what is put off by the rhythm of a real platform would wait for its next move.
  const withinMs = demo ? DEMO_WAIT_MS : undefined;
  const pacing = createPacing({
    clock,
    wall,
    channels,
    paces: stores.paces,
    chance,
    pause: deps.pause,
    ...(withinMs !== undefined && { withinMs }),
    log,
  });
  return {
    channels,
    set: createChannelSet({ channels, pacing, memory: stores.channelMemory, clock }),
    pacing,
    hooks: real.hooks,
    simulator,
    templated: [...channels.values()].filter(({ can }) => can.freeFormWindowHours !== null).map(({ name }) => name),
    botName: () => (real.channels.has('telegram') || !demo ? real.botName() : DEMO_BOT),
    showsNumbers: (name) => {
      const can = channels.get(name)?.can;
      return can === undefined || Math.max(can.buttons, can.list) === 0;
    },
  };
}
