import { HOUR_MS } from '../../core/clock.ts';
import { reliabilityOf } from '../../core/reliability.ts';
import { agreedAt } from '../booking.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import type { Moment } from '../moment.ts';
import { severalVisits } from '../several-visits.ts';
import { defer, lastEveningBefore } from '../windows.ts';

const LATEST_BEFORE_HOURS = 3;

/** Asks whether the patient comes: confirm, reschedule or cancel (spec: scenarios.md, confirmation). */
export const confirmation: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'confirmation',
  channels: ['whatsapp', 'telegram', 'sms'],
  statuses: ['unconfirmed'],
  grouped: true,
  namesVisit: true,
  moment: (facts) => (facts.step === 1 ? firstRequest(facts) : secondRequest(facts)),
  conditions: [
    // Whoever did answer and still stands unconfirmed is being talked with.
    ({ step, asked }) => (step > 1 && asked?.answered !== false ? 'status' : null),
    ({ step, switches }) => (step > 1 && switches.confirmation.settings.second === 'nobody' ? 'scenarioOff' : null),
    ({ step, switches, visits }) =>
      step > 1 && switches.confirmation.settings.second === 'unreliable' && !reliabilityOf(visits).unreliable
        ? 'reliable'
        : null,
  ],
  say: (facts, telling) => ({
    ...(facts.step > 1 && { key: 'scenarios.confirmation.second' }),
    ...severalVisits(facts, telling, 'scenarios.confirmation.several'),
    choices: [
      { id: 'confirm', key: 'scenarios.confirmation.confirm' },
      { id: 'reschedule', key: 'scenarios.confirmation.reschedule' },
      { id: 'cancel', key: 'scenarios.confirmation.cancel' },
    ],
  }),
  opening({ visit: { appointment }, asked }, { also }) {
    const { id, version, start } = appointment;
    return {
      // The second request goes on in the conversation of the first.
      id: asked?.conversation ?? `confirmation.${id}.${version}`,
      machine: 'confirmation',
      context: { appointments: [id, ...also.map((other) => other.visit.appointment.id)] },
      expiresAt: start,
    };
  },
};

function firstRequest({ visit: { appointment }, switches, branch }: VisitFacts): Moment {
  const { leadHours, window } = switches.confirmation.settings;
  const { start } = appointment;
  const at = lastEveningBefore(new Date(start.getTime() - leadHours * HOUR_MS), window, branch.timezone);
  return { at, latestAt: latestFor(start, leadHours), hours: window, missed: agreedAt(appointment) > at };
}

function secondRequest({ visit: { appointment }, switches, branch, asked }: VisitFacts): Moment | null {
  if (asked === null) return null;
  const { leadHours, window, secondAfterHours } = switches.confirmation.settings;
  const at = new Date(asked.at.getTime() + secondAfterHours * HOUR_MS);
  const latestAt = latestFor(appointment.start, leadHours);
  return { at: defer(at, window, branch.timezone), latestAt, hours: window, missed: false };
}

/** 3 h before the start; with a lead so short that it would lie at T or before, half the lead. */
function latestFor(start: Date, leadHours: number): Date {
  const before = leadHours > LATEST_BEFORE_HOURS ? LATEST_BEFORE_HOURS : leadHours / 2;
  return new Date(start.getTime() - before * HOUR_MS);
}
