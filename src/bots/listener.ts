import type { ChannelEvents } from '../core/channel.ts';
import { AppError } from '../core/errors.ts';

/** Who hears what comes in by a hook. */
interface Listener {
  /** Throws before the channel has started: the platform is to come again. */
  events(): ChannelEvents;
  to(events: ChannelEvents): void;
}

/** One for each channel whose platform calls us. */
export function listener(): Listener {
  let known: ChannelEvents | null = null;
  return {
    events() {
      if (known === null) throw new AppError('notReady', 'The channel has not started yet.');
      return known;
    },
    to(events) {
      known = events;
    },
  };
}
