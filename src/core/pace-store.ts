import type { ChatAddress } from './address.ts';

/** A place in a rhythm, or how long all places within reach are taken. Milliseconds of real time. */
type Place = { readonly atMs: number } | { readonly busyUntilMs: number };

interface PlaceRequest {
  readonly nowMs: number;
  /** What this place takes up: the next one comes so much later. */
  readonly gapMs: number;
  /** Places later than so far ahead are not taken. */
  readonly withinMs: number;
  /** Goes at once, and those that come after it make room (replies before bulk). */
  readonly urgent: boolean;
}

/** The key of a chat's own rhythm. */
export function chatPace({ channel, address }: ChatAddress): string {
  return `${channel} ${address}`;
}

/** The rhythms of channels and chats, kept by all instances together. */
export interface PaceStore {
  /** One atomic step: no two callers get the same place, on whichever instance they are. */
  take(key: string, request: PlaceRequest): Promise<Place>;
  /** Nothing under this key before that moment; a shorter pause never cuts a longer one. */
  close(key: string, untilMs: number): Promise<void>;
  /** Until when the key is closed; 0 when it is not. */
  closedUntilMs(key: string): Promise<number>;
  /** Counts one up to `most` a day; false when they are used up. `day` names the day. */
  count(key: string, day: string, most: number): Promise<boolean>;
}
