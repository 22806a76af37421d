import type { ChannelName } from './channel-name.ts';

/**
 * Small facts that a channel must not forget over a restart: which phone stands behind an id, which topic belongs to a patient.
 * A value may name a patient's address, so erasing a patient's data forgets by value too.
 */
export interface ChannelMemory {
  get(channel: ChannelName, key: string): Promise<string | null>;
  set(channel: ChannelName, key: string, value: string): Promise<void>;
  /** Keys under which this value is kept. */
  keysOf(channel: ChannelName, value: string): Promise<readonly string[]>;
  forget(channel: ChannelName, key: string): Promise<void>;
}
