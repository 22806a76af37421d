import { beforeEach, describe, expect, it } from '@jest/globals';
import { FIRST_PLAN, openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const { stores, clock } = house;
const visit = { appointment: 'visit' };
const at = (instant: string): Date => new Date(instant);

beforeEach(() => house.fill());

describe('A stored appointment', () => {
  it('is planned for every scenario whose moment is known, whether it is on or not', async () => {
    await house.visit('visit');
    expect(await house.rows(visit)).toEqual(FIRST_PLAN);
  });

  it('is planned once, however often it is told of', async () => {
    await house.visit('visit');
    const appointment = await stores.appointments.get('visit');
    if (appointment === null) throw new Error('the visit is there');
    await house.planner.appointmentChanged({ appointment, kind: 'stored' });
    await house.planner.appointmentChanged({ appointment, kind: 'changed' });
    expect(await house.rows(visit)).toEqual(FIRST_PLAN);
  });

  it('is planned to its end when a crash left half a plan', async () => {
    await house.visit('visit');
    const reminder = await house.row('reminder|a:visit|1|0');
    await stores.simulator.reset();
    await house.fill();
    await stores.outbox.plan(
      [
        {
          key: reminder.key,
          kind: 'scenario',
          scenario: 'reminder',
          subject: visit,
          patient: 'maria',
          branch: 'north',
          dueAt: reminder.dueAt,
        },
      ],
      clock.now(),
    );
    await house.visit('visit');
    expect((await house.rows(visit)).length).toBe(7);
  });

  it('from a quiet import gets no details and no greeting, and the reason is kept', async () => {
    await house.visit('visit', {}, { quiet: true });
    expect(await house.rows(visit)).toEqual(FIRST_PLAN.filter((row) => !/details|greeting/.test(row)));
    const skips = await stores.skips.ofSubject(visit);
    expect(skips.map(({ scenario, reason }) => `${scenario} ${reason}`).sort()).toEqual([
      'details tooLate',
      'greeting tooLate',
    ]);
  });

  it('booked after the confirmation’s moment is planned for the rest', async () => {
    clock.set('2026-11-23T08:00:00Z');
    await house.visit('visit');
    expect((await house.rows(visit)).map((row) => row.split(' ')[0])).toEqual([
      'details',
      'greeting',
      'recommendationsAfter',
      'recommendationsBefore',
      'reminder',
      'survey',
    ]);
    expect((await stores.skips.ofSubject(visit)).map(({ reason }) => reason)).toEqual(['tooLate']);
  });

  it('long past plans nothing and keeps no skip', async () => {
    await house.visit('visit', {
      start: at('2026-10-01T07:00:00Z'),
      end: at('2026-10-01T07:30:00Z'),
      status: 'completed',
    });
    expect((await house.rows(visit)).filter((row) => !/details|greeting/.test(row))).toEqual([]);
    expect(await stores.skips.ofSubject(visit)).toEqual([]);
  });
});

describe('A moved appointment', () => {
  const later = { start: at('2026-11-25T07:00:00Z'), end: at('2026-11-25T07:30:00Z') };

  it('is planned anew; details and greeting keep their first plan', async () => {
    await house.visit('visit');
    clock.set('2026-11-20T10:00:00Z');
    await house.visit('visit', later);
    expect(await house.rows(visit)).toEqual([
      'confirmation 1.0 cancelled 11-23T07:00 moved',
      'confirmation 1.1 planned 11-24T07:00',
      'details 1.0 planned 11-20T09:00',
      'greeting 1.0 planned 11-20T09:05',
      'recommendationsAfter 1.0 cancelled 11-24T07:35 moved',
      'recommendationsAfter 1.1 planned 11-25T07:35',
      'recommendationsBefore 1.0 cancelled 11-23T13:00 moved',
      'recommendationsBefore 1.1 planned 11-24T13:00',
      'reminder 1.0 cancelled 11-24T05:00 moved',
      'reminder 1.1 planned 11-25T05:00',
      'survey 1.0 cancelled 11-24T10:30 moved',
      'survey 1.1 planned 11-25T10:30',
    ]);
  });

  it('is planned anew also where the message for the old time went out', async () => {
    await house.switch('confirmation', true);
    await house.visit('visit');
    await house.to('2026-11-23T07:00:00Z');
    await house.visit('visit', later);
    expect(await house.rows(visit, 'confirmation')).toEqual([
      'confirmation 1.0 sent 11-23T07:00',
      'confirmation 1.1 planned 11-24T07:00',
    ]);
  });

  it('takes a row out of the hands of who holds it', async () => {
    await house.visit('visit');
    clock.set('2026-11-23T07:00:00Z');
    const claimed = await stores.outbox.claim({
      now: clock.now(),
      wallMs: 0,
      owner: 'other',
      leaseMs: 60_000,
      limit: 20,
    });
    const held = claimed.find((row) => row.key === 'confirmation|a:visit|1|0');
    if (held === undefined) throw new Error('the confirmation is due');
    await house.visit('visit', later);
    expect(await stores.outbox.save(held, { ...held, state: 'sending' })).toBeNull();
    expect((await house.row(held.key)).state).toBe('cancelled');
    expect((await house.row(held.key)).unsettled).toBe('release');
  });

  it('tells a second mover what was sent in between', async () => {
    await house.visit('visit');
    await house.visit('visit', later);
    await house.visit('visit');
    expect(await house.rows(visit, 'reminder')).toEqual([
      'reminder 1.0 cancelled 11-24T05:00 moved',
      'reminder 1.1 cancelled 11-25T05:00 moved',
      'reminder 1.2 planned 11-24T05:00',
    ]);
  });
});

describe('A cancelled appointment', () => {
  it('keeps nothing but the return', async () => {
    await house.visit('visit');
    clock.set('2026-11-21T09:00:00Z');
    await house.visit('visit', { status: 'cancelled' });
    const rows = await house.rows(visit);
    expect(rows.filter((row) => row.includes('planned'))).toEqual(['returnAfterCancellation 1.0 planned 11-22T07:00']);
    expect(rows.filter((row) => row.endsWith('cancelled 11-24T05:00 status'))).toHaveLength(1);
  });

  it('that stands again gets its plan back, and loses the return', async () => {
    await house.visit('visit');
    await house.visit('visit', { status: 'cancelled' });
    clock.set('2026-11-21T09:00:00Z');
    await house.visit('visit');
    expect(await house.rows(visit)).toEqual([
      'confirmation 1.0 planned 11-23T07:00',
      'details 1.0 cancelled 11-20T09:00 status',
      'greeting 1.0 cancelled 11-20T09:05 status',
      'recommendationsAfter 1.0 planned 11-24T07:35',
      'recommendationsBefore 1.0 planned 11-23T13:00',
      'reminder 1.0 planned 11-24T05:00',
      'returnAfterCancellation 1.0 cancelled 11-21T07:00 status',
      'survey 1.0 planned 11-24T10:30',
    ]);
  });

  it('counts the return from the newest cancellation', async () => {
    await house.visit('visit', { status: 'cancelled' });
    await house.visit('visit');
    clock.set('2026-11-22T09:00:00Z');
    await house.visit('visit', { status: 'cancelled' });
    expect(await house.rows(visit, 'returnAfterCancellation')).toEqual([
      'returnAfterCancellation 1.0 planned 11-23T07:00',
    ]);
  });

  it('is not offered a return twice because its old time was corrected', async () => {
    await house.fill({
      on: ['details', 'returnAfterCancellation'],
      branch: { bookingUrl: 'https://book.example' },
    });
    await house.visit('visit');
    await house.to('2026-11-20T10:00:00Z');
    await house.visit('visit', { status: 'cancelled' });
    await house.to('2026-11-21T07:00:00Z');
    await house.visit('visit', {
      status: 'cancelled',
      start: at('2026-11-24T08:00:00Z'),
      end: at('2026-11-24T08:30:00Z'),
    });
    expect(await house.rows(visit, 'returnAfterCancellation')).toEqual([
      'returnAfterCancellation 1.0 sent 11-21T07:00',
    ]);
  });

  it('that is deleted takes every plan with it', async () => {
    await house.visit('visit', { status: 'cancelled' });
    await stores.appointments.remove('visit', clock.now());
    expect((await house.rows(visit)).filter((row) => row.includes('planned'))).toEqual([]);
  });
});

describe('Any other change', () => {
  it('moves what hangs on the end of the visit', async () => {
    await house.visit('visit');
    await house.visit('visit', { end: at('2026-11-24T08:00:00Z') });
    expect(await house.rows(visit, 'survey')).toEqual(['survey 1.0 planned 11-24T11:00']);
  });

  it('brings a status that was missing, and the waiting row is looked at at once', async () => {
    await house.fill({ on: ['survey'] });
    await house.visit('visit');
    await house.to('2026-11-24T10:33:00Z');
    expect(await house.row('survey|a:visit|1|0')).toMatchObject({
      waiting: 'status',
      lookAt: at('2026-11-24T10:40:00Z'),
    });
    await house.visit('visit', { status: 'completed' });
    await house.to('2026-11-24T10:34:00Z');
    expect(await house.row('survey|a:visit|1|0')).toMatchObject({ state: 'sent', sentAt: at('2026-11-24T10:33:00Z') });
  });

  it('`status` becomes `tooLate` when the status came after the latest moment', async () => {
    await house.fill({ on: ['survey'] });
    await house.visit('visit');
    clock.set('2026-11-26T07:25:00Z');
    await house.to('2026-11-26T08:00:00Z');
    expect((await house.row('survey|a:visit|1|0')).reason).toBe('status');
    await house.visit('visit', { status: 'completed' });
    expect((await house.row('survey|a:visit|1|0')).reason).toBe('tooLate');
  });

  it('re-decides what was skipped, before its latest moment', async () => {
    await house.fill({ on: ['reminder'] });
    await house.visit('visit', { incognito: true });
    await house.to('2026-11-24T05:10:00Z');
    expect((await house.row('reminder|a:visit|1|0')).reason).toBe('incognito');
    await house.visit('visit');
    await house.to('2026-11-24T05:11:00Z');
    expect((await house.row('reminder|a:visit|1|0')).state).toBe('sent');
  });

  it('never repeats a message', async () => {
    await house.fill({ on: ['reminder'] });
    await house.visit('visit');
    await house.to('2026-11-24T05:10:00Z');
    await house.visit('visit', { notes: 'bring the card' });
    await house.to('2026-11-24T06:00:00Z');
    expect(house.texts()).toHaveLength(1);
  });

  it('of the patient re-decides too: a number that was added in time', async () => {
    await house.fill({ on: ['reminder'], patient: { phones: ['+74951234567'] } });
    await house.visit('visit');
    await house.to('2026-11-24T05:10:00Z');
    expect((await house.row('reminder|a:visit|1|0')).reason).toBe('noMobile');
    await house.patient('maria');
    await house.to('2026-11-24T05:11:00Z');
    expect((await house.row('reminder|a:visit|1|0')).state).toBe('sent');
  });

  it('lets the survey follow the visit that turned out to be the last of the day', async () => {
    await house.fill({ on: ['survey'] });
    await house.visit('visit', { status: 'completed' });
    const later = { start: at('2026-11-24T12:00:00Z'), end: at('2026-11-24T12:30:00Z') };
    await house.visit('later', later);
    await house.to('2026-11-24T12:40:00Z');
    expect((await house.row('survey|a:visit|1|0')).reason).toBe('notLastOfDay');
    await house.visit('later', { ...later, status: 'noShow' });
    await house.to('2026-11-24T12:41:00Z');
    expect((await house.row('survey|a:visit|1|0')).state).toBe('sent');
  });
});
