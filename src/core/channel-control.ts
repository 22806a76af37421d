import type { ChannelHealth } from './channel.ts';
import type { ChannelName } from './channel-name.ts';

/** What staff do with a channel (spec: api.md, Channels and people). Throws `AppError('channelOff')` for one that is not set up. */
export interface ChannelControl {
  /** Starts it again: a linked phone then shows a code to link it with. */
  connect(name: ChannelName): Promise<ChannelHealth>;
  /** Stops it until `connect`, over restarts too. What is due meanwhile goes the next way or waits. */
  disconnect(name: ChannelName): Promise<ChannelHealth>;
  /** Cancels what is due and waits for this channel, so that a linked phone does not send it in one burst; gives how many. Alerts stay. */
  purgeQueue(name: ChannelName): Promise<number>;
}
