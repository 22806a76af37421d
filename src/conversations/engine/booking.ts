import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import type { Conversation } from '../../core/conversation.ts';
import { DAYS_OFFERED, dayTitle, localDay } from '../../core/day-choices.ts';
import { offeredSlots, SLOTS_AHEAD_DAYS } from '../../core/offered-slots.ts';
import type { Slot } from '../../core/slot.ts';
import type { SlotFact, Wish } from '../machines/effects.ts';
import type { ConversationStores, EngineDeps } from './deps.ts';
import type { Done } from './keeper.ts';
import { changedTask } from './tasks.ts';
import { localTime } from './visit-facts.ts';

/** Free days behind `after` (or from now on), as the news `daysLoaded`. */
export async function freeDays(
  { stores }: EngineDeps,
  conversation: Conversation,
  wish: Wish,
  after: string | null,
  at: Date,
): Promise<Done> {
  const { slots, zone } = await fitting(stores, conversation, wish, at);
  const days = [...new Set(slots.map((slot) => localDay(slot.start, zone)))].filter(
    (day) => after === null || day > after,
  );
  const shown = days.slice(0, DAYS_OFFERED).map((day) => ({ day, title: dayTitle(day, conversation.locale) }));
  return { event: { type: 'daysLoaded', days: shown, again: after !== null } };
}

/** Free slots of a local day, as the news `slotsLoaded`. */
export async function freeSlots(
  { stores }: EngineDeps,
  conversation: Conversation,
  wish: Wish,
  day: string,
  at: Date,
): Promise<Done> {
  const { slots, zone } = await fitting(stores, conversation, wish, at);
  const ofDay = slots.filter((slot) => localDay(slot.start, zone) === day);
  const doctors = await stores.doctors.getMany([...new Set(ofDay.map((slot) => slot.doctor))]);
  const facts = ofDay.map(
    (slot): SlotFact => ({
      id: slot.id,
      doctor: slot.doctor,
      doctorName: doctors.find((doctor) => doctor.id === slot.doctor)?.name ?? '',
      start: slot.start.toISOString(),
      end: slot.end.toISOString(),
      day: dayTitle(day, conversation.locale),
      time: localTime(slot.start, zone),
    }),
  );
  return { event: { type: 'slotsLoaded', slots: facts } };
}

/**
 * Takes the slot and writes the visit, in this order: whoever takes it first has it, and the old time stands until the new one
 * is written. The same effect again finds its own slot and its own visit.
 */
export async function bookSlot(
  { stores }: EngineDeps,
  conversation: Conversation,
  { wish, slot, id, effect }: { wish: Wish; slot: SlotFact; id: string; effect: string },
  at: Date,
): Promise<Done> {
  const start = new Date(slot.start);
  if (start <= at || !(await stores.slots.take(slot.id, id))) return { event: { type: 'slotTaken' } };
  const minutes = await minutesOf(stores, wish);
  const end = minutes === 0 ? new Date(slot.end) : new Date(start.getTime() + minutes * MINUTE_MS);
  const branch = conversation.branch ?? '';
  const { confirmation } = await stores.switches.ofBranch(branch);
  const soon = start.getTime() - at.getTime() <= confirmation.settings.leadHours * HOUR_MS;
  const status = soon ? ('confirmed' as const) : ('unconfirmed' as const);
  const old = wish.appointment === null ? null : await stores.appointments.get(wish.appointment);
  if (wish.mode === 'move') {
    const movable = old?.status === 'unconfirmed' || old?.status === 'confirmed';
    const moved =
      old === null || !movable
        ? null
        : await stores.appointments.step(
            old.id,
            { kind: 'move', start, end, doctor: slot.doctor, status },
            { at, by: 'patient' },
          );
    if (moved === null) {
      await stores.slots.release(slot.id, id);
      return { event: { type: 'visitGone' } };
    }
    await stores.tasks.add(await changedTask(stores, `${effect}:moved`, 'moved', moved, at));
    return { event: { type: 'booked', appointment: moved.id } };
  }
  const booked = await stores.appointments.book(
    {
      id,
      patient: old?.patient ?? conversation.patient ?? '',
      branch,
      doctor: slot.doctor,
      services: wish.services,
      start,
      end,
      status,
      ...(old?.phone !== undefined && { phone: old.phone }),
      ...(wish.appointment !== null && { insteadOf: wish.appointment }),
      conversation: conversation.id,
      ...(wish.discount !== null && { discount: { ...wish.discount, source: 'birthday' as const } }),
    },
    at,
  );
  await stores.tasks.add(await changedTask(stores, `${effect}:booked`, 'booked', booked, at));
  return { event: { type: 'booked', appointment: booked.id } };
}

async function fitting(
  stores: ConversationStores,
  conversation: Conversation,
  wish: Wish,
  at: Date,
): Promise<{ readonly slots: readonly Slot[]; readonly zone: string }> {
  const branch = conversation.branch === null ? null : await stores.branches.get(conversation.branch);
  if (branch === null) return { slots: [], zone: 'UTC' };
  const until = new Date(at.getTime() + SLOTS_AHEAD_DAYS * DAY_MS);
  const free = await stores.slots.free(branch.id, { from: at, to: until });
  const { doctor, services } = wish;
  const slots = offeredSlots(free, { doctor, services, minutes: await minutesOf(stores, wish) }, at);
  return { slots, zone: branch.timezone };
}

async function minutesOf(stores: Pick<ConversationStores, 'services'>, wish: Wish): Promise<number> {
  const services = await stores.services.getMany(wish.services);
  return services.reduce((sum, service) => sum + service.durationMinutes, 0);
}
