import { showsOf } from '../core/channel-name.ts';
import { DAY_MS } from '../core/clock.ts';
import { dayChoices, localDay } from '../core/day-choices.ts';
import { offeredSlots } from '../core/offered-slots.ts';
import type { Opening } from '../core/opening.ts';
import type { Condition, Saying, Telling } from './definition.ts';
import type { VisitFacts } from './facts.ts';

const ANSWER_WITHIN_MS = DAY_MS;

/** What both returns ask for beside booking and warm-up (spec: scenarios.md, Own conditions). */
export const RETURN_CONDITIONS: readonly Condition<VisitFacts>[] = [
  ({ visit, visits }, now) =>
    visits.some((other) => other.id !== visit.appointment.id && stands(other) && other.start > now)
      ? 'futureVisit'
      : null,
  // Booked again and already over: in chat instead of this one, or anyhow since it fell out.
  ({ visit: { appointment }, visits }) =>
    visits.some(
      (other) =>
        other.id !== appointment.id &&
        stands(other) &&
        (other.insteadOf === appointment.id || other.bookedAt >= appointment.statusAt),
    )
      ? 'rebooked'
      : null,
];

function stands({ status }: VisitFacts['visits'][number]): boolean {
  return status !== 'cancelled' && status !== 'noShow';
}

/** Local days with a free slot that suits the visit, the soonest first. */
function freeDays({ visit, slots, branch }: VisitFacts, now: Date): readonly string[] {
  const minutes = visit.services.reduce((sum, service) => sum + service.durationMinutes, 0);
  const { doctor, services } = visit.appointment;
  const offered = offeredSlots(slots, { doctor, services, minutes }, now);
  return [...new Set(offered.map((slot) => localDay(slot.start, branch.timezone)))];
}

/** The days as buttons; the booking link where there are none, or where a channel carries links instead. */
export function sayFreeDays(facts: VisitFacts, { channel, locale, now }: Telling): Saying {
  const url = facts.branch.bookingUrl;
  const days = freeDays(facts, now);
  const carriesLink = url !== undefined && showsOf(channel) === 'links';
  const noThanks = { id: 'noThanks', key: 'scenarios.noThanks' };
  if (days.length > 0 && !carriesLink) return { choices: [...dayChoices(days, locale), noThanks] };
  const link = url === undefined ? [] : [{ key: 'scenarios.bookingLink', values: { 'link.booking': url } }];
  return { parts: link, choices: [{ id: 'callMe', key: 'scenarios.callMe' }, noThanks] };
}

/** The rebooking dialogue that a return opens; it closes by itself after 24 hours. */
export function openRebooking(key: string, facts: VisitFacts, { now }: Telling): Opening {
  const { id, version, doctor, services } = facts.visit.appointment;
  return {
    id: `${key}.${id}.${version}`,
    machine: 'rebooking',
    context: {
      mode: 'new',
      appointment: id,
      doctor,
      services,
      days: freeDays(facts, now).slice(0, 5),
      discount: null,
    },
    expiresAt: new Date(now.getTime() + ANSWER_WITHIN_MS),
  };
}
