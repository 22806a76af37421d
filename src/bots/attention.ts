import type { BranchStore } from '../core/branch.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelMemory } from '../core/channel-memory.ts';
import type { Clock } from '../core/clock.ts';
import type { Render } from '../core/content.ts';
import type { Log } from '../core/log.ts';
import type { OutboxStore, Sender } from '../core/message.ts';
import { createChannelReturn } from './channel-return.ts';
import { createChannelWatch } from './channel-watch.ts';
import type { Inbound } from './inbound.ts';

const LOOK_MS = 1_000;
const FOLLOW_MS = 3_000;
const WATCH_MS = 15_000;
const TEND_MS = 60_000;

/** What the service looks after by itself while it runs: the spool, channels that come up, channels that stay down. */
export interface Attention {
  start(): void;
  stop(): void;
}

/** In the demo, whose clock stands, only the spool is looked after. */
export function createAttention(deps: {
  demo: boolean;
  inbound: Pick<Inbound, 'drainSpool' | 'tendSpool'>;
  health: () => ChannelsHealth;
  /** What staff asked of another instance. */
  follow: () => Promise<void>;
  outbox: Pick<OutboxStore, 'wake'>;
  branches: Pick<BranchStore, 'all'>;
  memory: ChannelMemory;
  sender: Sender;
  render: Render;
  clock: Clock;
  every: (ms: number, tick: () => void) => () => void;
  /** Told when held messages may go. */
  poke: () => void;
  log: Log;
}): Attention {
  const { health, outbox, sender, clock, every, log } = deps;
  const watch = createChannelWatch(deps);
  const cameUp = createChannelReturn({
    health,
    returned: async () => {
      await outbox.wake('noChannel', clock.now());
      await sender.flush();
      deps.poke();
    },
  });
  const lookWhoCameUp = (): void => {
    cameUp().catch((error: unknown) => log.warn('channel.returnUntold', { error }));
  };
  const followStaff = (): void => {
    deps.follow().catch((error: unknown) => log.warn('channel.notFollowed', { error }));
  };
  const timers: (() => void)[] = [];
  return {
    start() {
      timers.push(
        every(LOOK_MS, () => void deps.inbound.drainSpool()),
        every(TEND_MS, () => void deps.inbound.tendSpool()),
      );
      if (!deps.demo)
        timers.push(
          every(LOOK_MS, lookWhoCameUp),
          every(FOLLOW_MS, followStaff),
          every(WATCH_MS, () => void watch()),
        );
    },
    stop() {
      for (const end of timers.splice(0)) end();
    },
  };
}
