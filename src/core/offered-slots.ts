import { MINUTE_MS } from './clock.ts';
import type { Slot } from './slot.ts';

/** How far ahead free slots are looked for, in days. */
export const SLOTS_AHEAD_DAYS = 60;

/** What a slot must suit: the visit's doctor (null: any), services and their whole length. */
export interface SlotWish {
  readonly doctor: string | null;
  readonly services: readonly string[];
  readonly minutes: number;
}

/**
 * The slots that a patient is offered, by start: ahead, long enough, for these services; the same doctor's, and only where
 * that one has none, others' (spec: conversations.md, rules of all machines). Return messages and the rebooking question use it.
 */
export function offeredSlots(slots: readonly Slot[], wish: SlotWish, now: Date): readonly Slot[] {
  const fitting = slots
    .filter((slot) => slot.start > now && slot.end.getTime() - slot.start.getTime() >= wish.minutes * MINUTE_MS)
    .filter((slot) => slot.services === undefined || wish.services.every((service) => slot.services?.includes(service)))
    .sort((a, b) => a.start.getTime() - b.start.getTime() || (a.id < b.id ? -1 : 1));
  const sameDoctor = fitting.filter((slot) => slot.doctor === wish.doctor);
  return sameDoctor.length > 0 ? sameDoctor : fitting;
}
