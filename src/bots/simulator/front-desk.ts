import type { Appointment, AppointmentStatus, AppointmentStore } from '../../core/appointment.ts';
import type { BranchStore } from '../../core/branch.ts';
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import { NOTHING_DONE, type TimedWork } from '../../core/timed-work.ts';

interface Entry {
  readonly at: Date;
  readonly status: AppointmentStatus;
}

/**
 * The reception of the sample clinic: as the clock moves it writes down, through the same store as a clinic's system, who
 * came, who did not and who called to cancel. It touches the sample's own visits and those that its patients booked in chat.
 */
export function createFrontDesk(deps: {
  appointments: AppointmentStore;
  branches: BranchStore;
  clock: Clock;
}): TimedWork {
  let next: Date | null | undefined;

  const upcoming = async (): Promise<readonly { visit: Appointment; entry: Entry }[]> => {
    const from = new Date(deps.clock.now().getTime() - 10 * DAY_MS);
    const visits: Appointment[] = [];
    for (const branch of await deps.branches.all())
      visits.push(...(await deps.appointments.between(branch.id, from, new Date(from.getTime() + 40 * DAY_MS))));
    return visits.flatMap((visit) => {
      const entry = entryOf(visit);
      return entry === null ? [] : [{ visit, entry }];
    });
  };

  return {
    name: 'frontDesk',
    nextAt: async () => {
      if (next === undefined) next = earliest((await upcoming()).map(({ entry }) => entry.at));
      return next;
    },
    run: async (now) => {
      for (const { visit, entry } of await upcoming()) {
        if (entry.at > now) continue;
        await deps.appointments.put(visit.id, bodyOf(visit, entry.status), { at: now, by: 'clinic', quiet: false });
      }
      next = undefined;
      return NOTHING_DONE;
    },
  };
}

/** What the desk will write next about a visit; null when nothing is left to write. */
function entryOf(visit: Appointment): Entry | null {
  const number = Number(/^(?:sample-[mr]-|chat-)/.test(visit.id) ? (/(\d+)$/.exec(visit.id)?.[1] ?? '0') : Number.NaN);
  if (Number.isNaN(number) || (visit.status !== 'unconfirmed' && visit.status !== 'confirmed')) return null;
  if (number % 9 === 4 && visit.status === 'unconfirmed' && visit.version === 0)
    return { at: new Date(visit.start.getTime() - 30 * HOUR_MS), status: 'cancelled' };
  return { at: new Date(visit.end.getTime() + 4 * MINUTE_MS), status: number % 11 === 5 ? 'noShow' : 'completed' };
}

/** The visit as it stands, which the desk has heard of, with its new status. */
function bodyOf(visit: Appointment, status: AppointmentStatus): Parameters<AppointmentStore['put']>[1] {
  const {
    patient,
    branch,
    doctor,
    services,
    start,
    end,
    source,
    partner,
    bookedAt,
    incognito,
    phone,
    notes,
    group,
    recallAfter,
    discounts,
  } = visit;
  return {
    patient,
    branch,
    doctor,
    services,
    start,
    end,
    status,
    source,
    incognito,
    discounts,
    bookedAt,
    ...(partner === undefined ? {} : { partner }),
    ...(phone === undefined ? {} : { phone }),
    ...(notes === undefined ? {} : { notes }),
    ...(group === undefined ? {} : { group }),
    ...(recallAfter === undefined ? {} : { recallAfter }),
  };
}

function earliest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>((best, at) => (best === null || at < best ? at : best), null);
}
