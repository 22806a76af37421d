import { showsOf } from '../../core/channel-name.ts';
import { localDay } from '../../core/day-choices.ts';
import { birthdayOn } from '../birthday-date.ts';
import type { ScenarioDefinition } from '../definition.ts';
import { offerUntil } from '../offer.ts';
import { addDays, atLocal } from '../windows.ts';

const HOURS = { from: '12:00', to: '20:00' };

/** A discount for the birthday, once a year (spec: scenarios.md, birthday). */
export const birthday: ScenarioDefinition = {
  key: 'birthday',
  channels: ['whatsapp', 'telegram'],
  statuses: [],
  awaits: [],
  domestic: false,
  grouped: false,
  keepsPlan: false,
  namesVisit: false,
  afterUnknown: 'atMostOnce',
  moment({ patient, year, switches, branch }) {
    const on = birthdayOn(patient.birthDate, year);
    if (on === null) return null;
    const day = addDays(on, -switches.birthday.settings.daysBefore);
    const [at, latestAt] = [atLocal(day, HOURS.from, branch.timezone), atLocal(day, HOURS.to, branch.timezone)];
    return { at, latestAt, hours: HOURS, missed: false };
  },
  conditions: [
    ({ patient, year, branch }) => {
      const enteredAt = patient.birthDateEnteredAt;
      if (enteredAt === undefined) return null;
      return localDay(enteredAt, branch.timezone) === birthdayOn(patient.birthDate, year) ? 'bornToday' : null;
    },
    ({ greetedYears, year }) => (greetedYears.includes(year) ? 'alreadySent' : null),
  ],
  say: ({ switches, branch }, { channel }) => ({
    ...(switches.birthday.settings.services !== 'all' && { key: 'scenarios.birthday.textForServices' }),
    parts:
      branch.bookingUrl !== undefined && showsOf(channel) === 'links'
        ? [{ key: 'scenarios.bookingLink', values: { 'link.booking': branch.bookingUrl } }]
        : [],
    choices: [
      { id: 'book', key: 'scenarios.birthday.book' },
      { id: 'noThanks', key: 'scenarios.noThanks' },
    ],
  }),
  opening(facts, { now }) {
    const { patient, year, switches } = facts;
    const until = offerUntil(facts, now);
    return {
      id: `offer.${patient.id}.${year}`,
      machine: 'offer',
      context: { year, percent: switches.birthday.settings.percent ?? 0, until: until.toISOString() },
      expiresAt: until,
    };
  },
};
