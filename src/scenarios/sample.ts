import type { Branch } from '../core/branch.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import { CHANNELS } from '../core/channel-name.ts';
import { localDay } from '../core/day-choices.ts';
import type { Locale } from '../core/locale.ts';
import { DEFAULT_PRICES } from '../core/money.ts';
import type { Patient } from '../core/patient.ts';
import type { Switches } from '../core/scenario.ts';
import type { VisitFacts } from './facts.ts';
import { addDays, atLocal } from './windows.ts';

/** A made-up visit tomorrow at noon, for the example on a card; its names come from the locale. */
export function sampleFacts(
  branch: Branch,
  switches: Switches,
  locale: Locale,
  words: (key: string) => string,
  now: Date,
): VisitFacts {
  const day = addDays(localDay(now, branch.timezone), 1);
  const [start, end] = [atLocal(day, '12:00', branch.timezone), atLocal(day, '12:30', branch.timezone)];
  const stamped = { changedAt: now, changedBy: 'clinic', storedAt: now } as const;
  const patient: Patient = {
    ...stamped,
    id: 'sample',
    firstName: words('scenarios.sample.firstName'),
    lastName: words('scenarios.sample.lastName'),
    phones: [],
    tags: [],
    locale,
  };
  return {
    killSwitch: false,
    switches,
    branch,
    patient,
    addressee: { person: patient, locale, mobiles: [], identities: [], stopped: new Set() },
    visit: {
      appointment: {
        ...stamped,
        id: 'sample',
        patient: 'sample',
        branch: branch.id,
        doctor: 'sample',
        services: ['sample'],
        start,
        end,
        status: 'unconfirmed',
        source: 'desk',
        bookedAt: now,
        bookedAtGiven: true,
        quiet: false,
        incognito: false,
        discounts: [],
        version: 0,
        statusAt: now,
        clinic: null,
        rev: 0,
      },
      doctor: { ...stamped, id: 'sample', name: words('scenarios.sample.doctor'), branches: [branch.id], memo: true },
      services: [
        {
          ...stamped,
          id: 'sample',
          name: words('scenarios.sample.service'),
          synonyms: [],
          durationMinutes: 30,
          memo: true,
          recommendationsBefore: words('scenarios.sample.before'),
          recommendationsAfter: words('scenarios.sample.after'),
        },
      ],
      answeredAt: null,
    },
    visits: [],
    warmedAt: now,
    year: Number(day.slice(0, 4)),
    greetedYears: [],
    step: 1,
    asked: null,
    slots: [1, 2].map((ahead) => ({
      id: `sample${ahead}`,
      branch: branch.id,
      doctor: 'sample',
      start: atLocal(addDays(day, ahead), '12:00', branch.timezone),
      end: atLocal(addDays(day, ahead), '12:30', branch.timezone),
    })),
    health: allUp(now),
    prices: DEFAULT_PRICES,
    available: 0,
    waiting: null,
    refusedOn: [],
  };
}

function allUp(since: Date): ChannelsHealth {
  return Object.fromEntries(CHANNELS.map((name) => [name, { state: 'up', since }])) as ChannelsHealth;
}
