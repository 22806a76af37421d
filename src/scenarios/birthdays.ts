import type { Clock } from '../core/clock.ts';
import { localDay } from '../core/day-choices.ts';
import type { Patient } from '../core/patient.ts';
import type { Stores } from '../core/stores.ts';
import { NOTHING_DONE, type TimedWork } from '../core/timed-work.ts';
import { birthDaysKeptOn } from './birthday-date.ts';
import type { FactsReading } from './load-facts.ts';
import { BIRTHDAYS_AHEAD_DAYS, planBirthday } from './plan-birthday.ts';
import { addDays } from './windows.ts';

const PAGE = 200;

export interface BirthdaysDeps {
  readonly stores: Pick<Stores, 'patients' | 'switches' | 'outbox' | 'skips'>;
  readonly read: () => FactsReading;
  readonly clock: Clock;
}

/** The daily planning of birthdays; `planAll` goes through them at once, after a change of the settings. */
export interface Birthdays extends TimedWork {
  planAll(now: Date): Promise<void>;
}

/**
 * Plans the birthday messages of the next days, once a day at 00:00 UTC and at the first run after a start. It looks some days
 * ahead, so that a day without the service costs nothing.
 */
export function createBirthdays({ stores, read, clock }: BirthdaysDeps): Birthdays {
  let plannedOn: string | null = null;

  return {
    name: 'birthdays',
    planAll,
    async nextAt() {
      const now = clock.now();
      // The demo's clock goes back when it is reset: a day that was planned then lies ahead again.
      if (plannedOn === null || plannedOn > localDay(now, 'utc')) return now;
      return new Date(`${addDays(plannedOn, 1)}T00:00:00Z`);
    },
    async run(now) {
      const today = localDay(now, 'utc');
      if (plannedOn === today) return NOTHING_DONE;
      await planAll(now);
      plannedOn = today;
      return NOTHING_DONE;
    },
  };

  async function planAll(now: Date): Promise<void> {
    const { settings } = await stores.switches.get(null, 'birthday');
    const reading = read();
    const options = { daysBefore: settings.daysBefore, cause: 'settings' } as const;
    for await (const patient of celebrating(daysAhead(localDay(now, 'utc'), settings.daysBefore))) {
      await planBirthday(stores, reading, patient, options, now);
    }
  }

  async function* celebrating(days: readonly string[]): AsyncGenerator<Patient> {
    for (let after: string | null = null; ; ) {
      const page: readonly Patient[] = await stores.patients.byBirthday(days, after, PAGE);
      yield* page;
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return;
    }
  }
}

/** The birth days (`MM-DD`) whose messages go between yesterday and the horizon. */
function daysAhead(today: string, daysBefore: number): readonly string[] {
  const days = Array.from({ length: BIRTHDAYS_AHEAD_DAYS + 2 }, (_, index) => addDays(today, daysBefore - 1 + index));
  return [...new Set(days.flatMap(birthDaysKeptOn))];
}
