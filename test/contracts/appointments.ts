import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AppointmentBody, AppointmentStore } from '../../src/core/appointment.ts';
import { buildBooking, buildVisit, MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');

/** What every store of appointments keeps; the merge itself has tests of its own. */
export function appointmentContract({ name, create }: { name: string; create: () => Promise<AppointmentStore> }): void {
  let appointments: AppointmentStore;
  const put = (id: string, body: Partial<AppointmentBody> = {}, at = MONDAY) =>
    appointments.put(id, buildVisit(body), { at, by: 'clinic', quiet: false });
  const patient = { at: NOON, by: 'patient' } as const;
  const hour = (n: number) => ({
    start: new Date(Date.UTC(2026, 10, 24, n)),
    end: new Date(Date.UTC(2026, 10, 24, n, 30)),
  });

  describe(name, () => {
    beforeEach(async () => {
      appointments = await create();
    });

    it('gives back what was put', async () => {
      const body = buildVisit({
        phone: '+79160000000',
        notes: 'важно',
        discounts: [{ service: 'cleaning', percent: 5 }],
      });
      const { document, created, applied } = await put('visit', body);
      expect([created, applied]).toEqual([true, true]);
      expect(await appointments.get('visit')).toEqual(document);
      expect(document).toMatchObject({ ...body, id: 'visit', rev: 1 });
    });

    it('answers an equal PUT with the document as it is', async () => {
      const first = await put('visit');
      expect(await put('visit')).toEqual({ ...first, created: false });
    });

    it('sets an older changedAt aside', async () => {
      await put('visit');
      const stale = { at: NOON, changedAt: new Date('2026-11-20T09:00:00Z'), by: 'clinic', quiet: false } as const;
      const result = await appointments.put('visit', buildVisit({ status: 'cancelled' }), stale);
      expect(result).toMatchObject({ created: false, applied: false, document: { status: 'unconfirmed', rev: 1 } });
    });

    it('remembers the newest changedAt of a repeat', async () => {
      await put('visit');
      await put('visit', {}, NOON);
      const between = new Date('2026-11-23T07:00:00Z');
      const result = await appointments.put('visit', buildVisit({ notes: 'x' }), {
        at: NOON,
        changedAt: between,
        by: 'clinic',
        quiet: false,
      });
      expect(result.applied).toBe(false);
    });

    it('does not find a removed one, and goes on counting when its key comes again', async () => {
      await put('visit');
      expect([await appointments.remove('visit', NOON), await appointments.remove('visit', NOON)]).toEqual([
        true,
        false,
      ]);
      expect(await appointments.get('visit')).toBeNull();
      expect((await appointments.list({}, { limit: 5 })).items).toEqual([]);
      expect(await appointments.step('visit', { kind: 'confirm' }, patient)).toBeNull();
      expect(await put('visit', {}, NOON)).toMatchObject({ created: true, document: { version: 1, storedAt: NOON } });
    });

    it('applies a step once', async () => {
      await put('visit');
      const confirmed = await appointments.step('visit', { kind: 'confirm' }, patient);
      expect(confirmed).toMatchObject({ status: 'confirmed', changedBy: 'patient', rev: 2 });
      expect(await appointments.step('visit', { kind: 'confirm' }, patient)).toEqual(confirmed);
      expect(await appointments.step('unknown', { kind: 'confirm' }, patient)).toBeNull();
    });

    it('stores a booking once', async () => {
      const booked = await appointments.book(buildBooking(), MONDAY);
      expect(booked).toMatchObject({ id: 'booked', source: 'chat', status: 'confirmed', clinic: null });
      expect(await appointments.book(buildBooking({ doctor: 'orlov' }), NOON)).toEqual(booked);
    });

    it('loses nothing of what many write at the same moment', async () => {
      await put('visit');
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => put('visit', { notes: `note ${n}`, ...(n === 7 && { group: 'утро' }) })),
      );
      expect(await appointments.get('visit')).toMatchObject({ rev: 21, version: 0 });
    });

    it('makes one appointment of many first PUTs', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => put('visit')));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(await appointments.get('visit')).toMatchObject({ rev: 1 });
    });

    it('counts a step and PUTs at the same moment both', async () => {
      await put('visit');
      await Promise.all([
        put('visit', { notes: 'x' }, NOON),
        appointments.step('visit', { kind: 'confirm' }, patient),
        put('visit', { notes: 'x' }, NOON),
      ]);
      expect(await appointments.get('visit')).toMatchObject({ notes: 'x', status: 'confirmed', rev: 3 });
    });

    it('lists by branch, patient, doctor, status and start', async () => {
      await put('a', hour(7));
      await put('b', { ...hour(8), branch: 'south' });
      await put('c', { ...hour(9), patient: 'ivan', doctor: 'orlov', status: 'cancelled' });
      const ids = async (query: Parameters<AppointmentStore['list']>[0]) =>
        (await appointments.list(query, { limit: 5 })).items.map(({ id }) => id);
      expect(await ids({})).toEqual(['a', 'b', 'c']);
      expect(await ids({ branch: 'south' })).toEqual(['b']);
      expect(await ids({ patient: 'ivan' })).toEqual(['c']);
      expect(await ids({ doctor: 'orlov', status: 'cancelled' })).toEqual(['c']);
      expect(await ids({ from: hour(8).start, to: hour(9).start })).toEqual(['b']);
    });

    it('lists each once, page by page', async () => {
      for (const id of ['a', 'b', 'c']) await put(id);
      const first = await appointments.list({}, { limit: 2 });
      const second = await appointments.list({}, { limit: 2, cursor: first.next ?? '' });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(second.next).toBeNull();
    });

    it('tells a patient’s visits in brief, the newest first', async () => {
      await put('a', hour(7));
      await put('b', { ...hour(9), status: 'noShow' });
      await put('c', { ...hour(8), patient: 'ivan' });
      expect(await appointments.briefsOfPatient('maria')).toEqual([
        { id: 'b', branch: 'north', doctor: 'lebedeva', ...hour(9), status: 'noShow', bookedAt: MONDAY },
        { id: 'a', branch: 'north', doctor: 'lebedeva', ...hour(7), status: 'unconfirmed', bookedAt: MONDAY },
      ]);
    });

    it('finds the visits of a branch that start in a span', async () => {
      await put('a', hour(7));
      await put('b', hour(8));
      const found = await appointments.between('north', hour(7).start, hour(8).start);
      expect(found.map(({ id }) => id)).toEqual(['a']);
    });

    it('finds the live visits of doctors that overlap a span', async () => {
      await put('a', hour(7));
      await put('cancelled', { ...hour(7), status: 'cancelled' });
      await put('missed', { ...hour(7), status: 'noShow' });
      await put('other', { ...hour(7), doctor: 'orlov' });
      const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 7, minutes));
      const ids = async (from: Date, to: Date) =>
        (await appointments.liveOfDoctors(['lebedeva'], from, to)).map(({ id }) => id);
      expect(await ids(at(29), at(60))).toEqual(['a']);
      expect(await ids(at(30), at(60))).toEqual([]);
      expect(await ids(at(-30), at(0))).toEqual([]);
    });

    it('gives a running discount to open visits of a span and takes it away', async () => {
      await put('a', hour(7));
      await put('late', hour(12));
      await put('off', { ...hour(8), status: 'cancelled' });
      const discount = { percent: 10, source: 'birthday', year: 2026 } as const;
      const range = { from: MONDAY, until: hour(12).start };
      await appointments.setDiscount('maria', discount, range, NOON);
      await appointments.setDiscount('maria', discount, range, NOON);
      const found = await appointments.getMany(['a', 'late', 'off']);
      expect(found.map(({ id, discount: carried, rev }) => [id, carried?.percent, rev])).toEqual([
        ['a', 10, 2],
        ['late', undefined, 1],
        ['off', undefined, 1],
      ]);
      await appointments.setDiscount('maria', null, range, NOON);
      expect(await appointments.get('a')).not.toHaveProperty('discount');
    });

    it('keeps a discount that was promised at the booking', async () => {
      const discount = { percent: 10, source: 'birthday', year: 2026 } as const;
      await appointments.book(buildBooking({ discount }), MONDAY);
      await appointments.setDiscount('maria', null, { from: MONDAY, until: hour(23).start }, NOON);
      await put('booked', { status: 'confirmed' });
      expect(await appointments.get('booked')).toMatchObject({ discount });
    });
  });
}
