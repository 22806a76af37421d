import type { Clock } from '../core/clock.ts';
import type { Follower } from '../core/follower.ts';
import type { Stores } from '../core/stores.ts';
import { NOTHING_DONE, type TimedWork } from '../core/timed-work.ts';

export interface OffersDeps {
  readonly stores: Pick<Stores, 'patients' | 'appointments'>;
  readonly clock: Clock;
}

/** Visits are given a discount no further ahead than this. */
const FAR_AHEAD = new Date('9999-01-01T00:00:00Z');

/**
 * Ends birthday offers: at the end of their last day, or when a visit that carries one is completed. The patient's earlier
 * value is back then, and visits still ahead carry none (spec: scenarios.md, birthday).
 */
export function createOffers({ stores, clock }: OffersDeps): TimedWork & Pick<Follower, 'appointmentChanged'> {
  return {
    name: 'offers',
    nextAt: () => stores.patients.nextDiscountEnd(),
    async run(now) {
      for (const { id, birthdayDiscount } of await stores.patients.discountsOver(now)) {
        if (birthdayDiscount !== undefined) await stores.patients.endDiscount(id, birthdayDiscount.year, now);
      }
      return NOTHING_DONE;
    },
    async appointmentChanged({ appointment }) {
      const { discount, patient, status, start } = appointment;
      if (status !== 'completed' || discount === undefined) return;
      const now = clock.now();
      const running = (await stores.patients.get(patient))?.birthdayDiscount;
      if (running?.year !== discount.year) return;
      // First the visits, then the card: a repeat after a crash in between finds the offer still running.
      const from = start > now ? new Date(start.getTime() + 1) : now;
      await stores.appointments.setDiscount(patient, null, { from, until: FAR_AHEAD }, now);
      await stores.patients.endDiscount(patient, discount.year, now);
    },
  };
}
