export interface FreeSlotBody {
  readonly doctor: string;
  readonly services?: readonly string[];
  readonly start: Date;
  readonly end: Date;
}

export interface Slot extends FreeSlotBody {
  readonly id: string;
  readonly branch: string;
}

export interface SlotStore {
  /** Replaces the free slots that start in [from, to); marks the branch as one that gives slots. */
  replace(branch: string, range: { from: Date; to: Date }, slots: readonly FreeSlotBody[], at: Date): Promise<number>;
  /** Slots of a branch that start in [from, to), taken and overlapped ones left out, by start. */
  free(branch: string, range: { from: Date; to: Date }): Promise<readonly Slot[]>;
  /** True for exactly one taker; the same taker again gets true again. False too when a live visit overlaps. */
  take(slot: string, taker: string): Promise<boolean>;
  /** Frees a slot that this taker holds. */
  release(slot: string, taker: string): Promise<void>;
}
