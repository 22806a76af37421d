import { MINUTE_MS } from '../../core/clock.ts';
import { localDay } from '../../core/day-choices.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { promptMoment } from '../moment.ts';
import { daysBetween } from '../windows.ts';

const AFTER_BOOKING_MS = 5 * MINUTE_MS;
const RETURNING_AFTER_DAYS = 90;

/** A welcome from the head to those who come for the first time, or again after a long while (spec: scenarios.md, greeting). */
export const greeting: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'greeting',
  channels: ['whatsapp', 'telegram'],
  statuses: ['unconfirmed', 'confirmed'],
  keepsPlan: true,
  afterUnknown: 'atMostOnce',
  moment({ visit, branch }) {
    const at = new Date(visit.appointment.bookedAt.getTime() + AFTER_BOOKING_MS);
    return promptMoment(at, { from: '06:00', to: '21:00' }, branch.timezone, visit.appointment.quiet);
  },
  conditions: [(facts) => (isFirst(facts) || isReturning(facts) ? null : 'notFirst')],
  say: () => ({ opening: 'scenarios.greeting.opening' }),
};

/** Earlier visits: due before this one was booked, or booked before it. Two that are booked together have one first among them. */
function earlierVisits({ visit: { appointment }, visits }: VisitFacts): VisitFacts['visits'] {
  const { bookedAt, start, id } = appointment;
  return visits.filter((other) => {
    if (other.id === id || other.status === 'cancelled' || other.status === 'noShow') return false;
    if (other.start < bookedAt) return true;
    const booked = other.bookedAt.getTime() - bookedAt.getTime();
    const starts = other.start.getTime() - start.getTime();
    return booked < 0 || (booked === 0 && (starts < 0 || (starts === 0 && other.id < id)));
  });
}

function isFirst(facts: VisitFacts): boolean {
  return earlierVisits(facts).length === 0;
}

function isReturning(facts: VisitFacts): boolean {
  if (facts.switches.greeting.settings.rule === 'firstVisit') return false;
  const zone = facts.branch.timezone;
  const bookedOn = localDay(facts.visit.appointment.bookedAt, zone);
  const longAgo = (at: Date): boolean => daysBetween(localDay(at, zone), bookedOn) >= RETURNING_AFTER_DAYS;
  const earlier = earlierVisits(facts);
  const taken = earlier.filter((other) => other.status === 'started' || other.status === 'completed');
  // One still ahead was greeted for when it was booked: a second booking of the same return is no second return.
  const greetedFor = earlier.some((other) => other.end > facts.visit.appointment.bookedAt && !longAgo(other.bookedAt));
  return taken.length > 0 && taken.every((other) => longAgo(other.end)) && !greetedFor;
}
