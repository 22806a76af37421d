import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AppointmentStore } from '../../src/core/appointment.ts';
import type { SlotStore } from '../../src/core/slot.ts';
import { buildVisit, MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const DAY = { from: new Date('2026-11-24T00:00:00Z'), to: new Date('2026-11-25T00:00:00Z') };

function slot(hour: number, minute = 0, doctor = 'lebedeva') {
  const start = new Date(Date.UTC(2026, 10, 24, hour, minute));
  return { doctor, start, end: new Date(start.getTime() + 30 * 60_000) };
}

/** What every store of slots keeps: a slot is promised to one taker, and never over a live visit of its doctor. */
export function slotContract({
  name,
  create,
}: {
  name: string;
  create: () => Promise<{ slots: SlotStore; appointments: AppointmentStore }>;
}): void {
  let slots: SlotStore;
  let appointments: AppointmentStore;
  const give = (...given: ReturnType<typeof slot>[]) => slots.replace('north', DAY, given, MONDAY);
  const starts = async () => (await slots.free('north', DAY)).map(({ start }) => start.toISOString().slice(11, 16));
  const first = async () => (await slots.free('north', DAY))[0]?.id ?? '';
  const visit = (body: Parameters<typeof buildVisit>[0]) =>
    appointments.put('visit', buildVisit(body), { at: MONDAY, by: 'clinic', quiet: false });

  describe(name, () => {
    beforeEach(async () => {
      ({ slots, appointments } = await create());
    });

    it('lists what was given, by start', async () => {
      expect(await give(slot(9), slot(8))).toBe(2);
      expect(await slots.free('north', DAY)).toMatchObject([
        { ...slot(8), branch: 'north' },
        { ...slot(9), branch: 'north' },
      ]);
      expect(await slots.free('south', DAY)).toEqual([]);
    });

    it('keeps the services that a slot is for, and their absence', async () => {
      await give({ ...slot(8), ...{ services: ['cleaning'] } }, slot(9));
      expect((await slots.free('north', DAY)).map(({ services }) => services)).toEqual([['cleaning'], undefined]);
    });

    it('replaces the free slots of the span only', async () => {
      await give(slot(8), slot(12));
      const morning = { from: DAY.from, to: slot(10).start };
      await slots.replace('north', morning, [slot(9)], MONDAY);
      expect(await starts()).toEqual(['09:00', '12:00']);
    });

    it('leaves out what a live visit of the doctor overlaps', async () => {
      await give(slot(8), slot(8, 30), slot(8, 0, 'orlov'));
      await visit({ start: slot(8, 15).start, end: slot(8, 30).start });
      const free = await slots.free('north', DAY);
      expect(free.map(({ doctor, start }) => [doctor, start])).toEqual([
        ['orlov', slot(8).start],
        ['lebedeva', slot(8, 30).start],
      ]);
    });

    it('is taken by one, who may ask again', async () => {
      await give(slot(8));
      const id = await first();
      expect([await slots.take(id, 'a'), await slots.take(id, 'b'), await slots.take(id, 'a')]).toEqual([
        true,
        false,
        true,
      ]);
      expect(await starts()).toEqual([]);
    });

    it('is taken by one of twenty at the same moment', async () => {
      await give(slot(8));
      const id = await first();
      const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => slots.take(id, `t${n}`)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('is promised once where two slots of a doctor overlap', async () => {
      await give(slot(8), slot(8, 15));
      const ids = (await slots.free('north', DAY)).map(({ id }) => id);
      const taken = await Promise.all(ids.map((id) => slots.take(id, `taker of ${id}`)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('is not taken over a live visit', async () => {
      await give(slot(8));
      const id = await first();
      await visit(slot(8));
      expect(await slots.take(id, 'a')).toBe(false);
    });

    it('is freed by its taker only', async () => {
      await give(slot(8));
      const id = await first();
      await slots.take(id, 'a');
      await slots.release(id, 'b');
      expect(await starts()).toEqual([]);
      await slots.release(id, 'a');
      expect(await starts()).toEqual(['08:00']);
    });

    it('is offered again when the visit in it is cancelled', async () => {
      await give(slot(8));
      await slots.take(await first(), 'a');
      await visit(slot(8));
      await appointments.step('visit', { kind: 'cancel' }, { at: NOON, by: 'patient' });
      expect(await starts()).toEqual(['08:00']);
    });

    it('is offered again when the visit in it moves, and the new one is not', async () => {
      await give(slot(8), slot(9));
      const [old, next] = (await slots.free('north', DAY)).map(({ id }) => id);
      await slots.take(old ?? '', 'a');
      await visit(slot(8));
      await slots.take(next ?? '', 'b');
      const move = { kind: 'move', ...slot(9), status: 'unconfirmed' } as const;
      await appointments.step('visit', move, { at: NOON, by: 'patient' });
      expect(await starts()).toEqual(['08:00']);
      expect(await slots.take(next ?? '', 'b')).toBe(true);
    });

    it('stays its taker’s when the clinic gives the times anew', async () => {
      await give(slot(8));
      const id = await first();
      await slots.take(id, 'a');
      await visit(slot(8));
      await give(slot(8));
      expect(await starts()).toEqual([]);
      expect(await slots.take(id, 'a')).toBe(true);
    });

    it('that was taken for nothing is free when the clinic gives it anew', async () => {
      await give(slot(8));
      await slots.take(await first(), 'a');
      await give(slot(8));
      expect(await starts()).toEqual(['08:00']);
      expect(await slots.take(await first(), 'b')).toBe(true);
    });

    it('that is unknown is nobody’s', async () => {
      expect(await slots.take('unknown', 'a')).toBe(false);
    });
  });
}
