import type { Choice } from '../../core/content.ts';
import type { SlotFact } from './effects.ts';
import type { DayFact } from './rebooking-events.ts';

/** Slots shown at once (spec: conversations.md, rebooking). */
export const SLOTS_SHOWN = 8;

const otherDay: Choice = { id: 'otherDay', key: 'conversations.rebooking.otherDay' };
export const back: Choice = { id: 'back', key: 'conversations.choice.back' };
export const callMe: Choice = { id: 'callMe', key: 'conversations.rebooking.callMe' };

/** Days with free slots as buttons, and "another day". */
export function dayButtons(days: readonly DayFact[]): readonly Choice[] {
  return [...days.map(({ day, title }) => ({ id: `day:${day}`, key: null, title })), otherDay];
}

/** The button of a slot. Named by what it is and not by its place, so that a tap on an old list never means another time. */
export function slotChoice(slot: string): string {
  return slot.length <= 35 ? `slot:${slot}` : `slot:${slot.slice(-35)}`;
}

/** Slots from the given place on; with the doctor's name where there are several. */
export function slotButtons(slots: readonly SlotFact[], from: number): readonly Choice[] {
  const several = new Set(slots.map((slot) => slot.doctor)).size > 1;
  const shown = slots.slice(from, from + SLOTS_SHOWN).map((slot) => ({
    id: slotChoice(slot.id),
    key: null,
    title: several ? `${slot.time} ${slot.doctorName}` : slot.time,
  }));
  const later: readonly Choice[] =
    slots.length > from + SLOTS_SHOWN ? [{ id: 'later', key: 'conversations.rebooking.later' }] : [];
  return [...shown, ...later, back];
}
