import { describe, expect, it } from '@jest/globals';
import type { Appointment, AppointmentBody } from '../../src/core/appointment.ts';
import { type AppointmentPut, applyStep, bookedVisit, mergePut } from '../../src/core/appointment-merge.ts';
import { buildBooking, buildVisit, MONDAY } from '../support/stored-clinic.ts';

const NOON = new Date('2026-11-23T09:00:00Z');
const EVENING = new Date('2026-11-23T15:00:00Z');

function putting(body: Partial<AppointmentBody> = {}, meta: Partial<AppointmentPut> = {}): AppointmentPut {
  return { id: 'visit', body: buildVisit(body), at: NOON, by: 'clinic', quiet: false, ...meta };
}

function stored(body: Partial<AppointmentBody> = {}): Appointment {
  return mergePut(null, putting(body, { at: MONDAY })).next;
}

function confirmed(): Appointment {
  return applied(stored(), { kind: 'confirm' });
}

function applied(from: Appointment, step: Parameters<typeof applyStep>[1], at = NOON): Appointment {
  const result = applyStep(from, step, { at, by: 'patient' });
  if (result === null) throw new Error('the step changes nothing');
  return result.next;
}

describe('A first PUT', () => {
  it('stores the body with version 0 and the moment of storing as the booking', () => {
    expect(mergePut(null, putting())).toMatchObject({
      outcome: 'created',
      next: {
        version: 0,
        rev: 1,
        bookedAt: NOON,
        bookedAtGiven: false,
        storedAt: NOON,
        changedAt: NOON,
        changedBy: 'clinic',
      },
    });
  });

  it('keeps the moment of booking that the clinic gives', () => {
    expect(mergePut(null, putting({ bookedAt: MONDAY })).next).toMatchObject({ bookedAt: MONDAY, bookedAtGiven: true });
  });

  it('dates a status that it finds from the storing', () => {
    expect(mergePut(null, putting({ status: 'cancelled' })).next.statusAt).toEqual(NOON);
  });

  it('goes on with version and rev of a removed appointment of the key', () => {
    const removed = { ...stored(), rev: 4, version: 2 };
    expect(mergePut(null, putting(), removed).next).toMatchObject({ rev: 5, version: 3 });
  });

  it('is another booking where its key had one of another patient, doctor, branch or time, and the same one put back where not', () => {
    const removed = { ...stored(), rev: 4, version: 2 };
    const firstVersion = (body: Parameters<typeof putting>[0], before = removed) =>
      mergePut(null, putting(body), before).next.firstVersion;
    expect(firstVersion({})).toBeUndefined();
    expect([{ patient: 'other' }, { doctor: 'other' }, { branch: 'other' }].map((body) => firstVersion(body))).toEqual([
      3, 3, 3,
    ]);
    expect(firstVersion({ start: EVENING })).toBe(3);
    expect(firstVersion({}, { ...removed, firstVersion: 1 })).toBe(1);
  });
});

describe('A PUT over a stored appointment', () => {
  it('that says the same changes nothing', () => {
    const merged = mergePut(stored(), putting());
    expect(merged.outcome).toBe('same');
    expect(merged.next).toMatchObject({ rev: 1, changedAt: MONDAY, clinic: { changedAt: NOON } });
  });

  it('that says the same with a later changedAt shows that moment', () => {
    expect(mergePut(stored(), putting({}, { changedAt: EVENING })).next).toMatchObject({ rev: 1, changedAt: EVENING });
  });

  it('with an older changedAt is set aside', () => {
    const early = new Date('2026-11-23T04:59:59Z');
    const merged = mergePut(stored(), putting({ notes: 'x' }, { changedAt: early }));
    expect(merged).toEqual({ outcome: 'stale', next: stored() });
  });

  it('with an equal changedAt is applied', () => {
    const merged = mergePut(stored(), putting({ notes: 'x' }, { changedAt: MONDAY }));
    expect(merged).toMatchObject({ outcome: 'changed', next: { notes: 'x', rev: 2 } });
  });

  it('is compared with the clinic’s own last changedAt, not with what the patient did since', () => {
    const merged = mergePut(confirmed(), putting({ notes: 'x' }, { changedAt: new Date('2026-11-23T08:00:00Z') }));
    expect(merged).toMatchObject({ outcome: 'changed', next: { notes: 'x', changedAt: NOON, changedBy: 'patient' } });
  });

  it('leaves the patient’s confirmation where the clinic repeats its own status', () => {
    expect(mergePut(confirmed(), putting({ notes: 'x' })).next).toMatchObject({ status: 'confirmed', notes: 'x' });
  });

  it('takes a status that the clinic changes', () => {
    const merged = mergePut(confirmed(), putting({ status: 'started' }, { at: EVENING }));
    expect(merged.next).toMatchObject({ status: 'started', statusAt: EVENING, version: 0 });
  });

  it('leaves the patient’s new time where the clinic repeats the old one', () => {
    const moved = applied(stored(), {
      kind: 'move',
      start: new Date('2026-11-25T07:00:00Z'),
      end: new Date('2026-11-25T07:30:00Z'),
      doctor: 'lebedeva',
      status: 'unconfirmed',
    });
    const merged = mergePut(moved, putting({ notes: 'x' }, { at: EVENING }));
    expect(merged.next).toMatchObject({ start: new Date('2026-11-25T07:00:00Z'), version: 1 });
  });

  it('takes start and end together', () => {
    const moved = applied(stored(), {
      kind: 'move',
      start: new Date('2026-11-25T07:00:00Z'),
      end: new Date('2026-11-25T07:30:00Z'),
      doctor: 'lebedeva',
      status: 'unconfirmed',
    });
    const merged = mergePut(moved, putting({ end: new Date('2026-11-24T08:00:00Z') }, { at: EVENING }));
    expect(merged.next).toMatchObject({
      start: new Date('2026-11-24T07:00:00Z'),
      end: new Date('2026-11-24T08:00:00Z'),
      version: 2,
    });
  });

  it('takes a field away that the clinic leaves out', () => {
    expect(mergePut(stored({ notes: 'x' }), putting()).next).not.toHaveProperty('notes');
  });

  it('gives the booking its default back when the clinic leaves it out', () => {
    const merged = mergePut(stored({ bookedAt: new Date('2026-11-01T09:00:00Z') }), putting());
    expect(merged).toMatchObject({ outcome: 'changed', next: { bookedAt: MONDAY, bookedAtGiven: false } });
  });

  it('sees a changed list of services and of discounts', () => {
    expect(mergePut(stored(), putting({ services: ['cleaning', 'x-ray'] })).outcome).toBe('changed');
    expect(mergePut(stored(), putting({ discounts: [{ service: 'cleaning', percent: 5 }] })).outcome).toBe('changed');
  });
});

describe('A move by PUT', () => {
  const elsewhere: readonly [string, Partial<AppointmentBody>][] = [
    ['start', { start: new Date('2026-11-24T08:00:00Z'), end: new Date('2026-11-24T08:30:00Z') }],
    ['branch', { branch: 'south' }],
    ['doctor', { doctor: 'orlov' }],
  ];

  it.each(elsewhere)('is a changed %s', (_field, body) => {
    expect(mergePut(stored(), putting(body)).next).toMatchObject({ version: 1, movedAt: NOON });
  });

  it('is not a later end', () => {
    expect(mergePut(stored(), putting({ end: new Date('2026-11-24T08:00:00Z') })).next.version).toBe(0);
  });

  it('ends a confirmation that was given for the old time', () => {
    expect(mergePut(confirmed(), putting({ doctor: 'orlov' }, { at: EVENING })).next).toMatchObject({
      status: 'unconfirmed',
      statusAt: EVENING,
    });
  });

  it('ends a confirmation that the clinic only repeats', () => {
    const merged = mergePut(stored({ status: 'confirmed' }), putting({ status: 'confirmed', doctor: 'orlov' }));
    expect(merged.next.status).toBe('unconfirmed');
  });

  it('keeps a confirmation that the clinic gives with it', () => {
    const merged = mergePut(stored(), putting({ status: 'confirmed', doctor: 'orlov' }));
    expect(merged.next.status).toBe('confirmed');
  });
});

describe('The first PUT of a visit booked in chat', () => {
  const booked = bookedVisit(buildBooking(), MONDAY);

  it('takes the body as a whole', () => {
    const merged = mergePut(booked, putting({ status: 'unconfirmed', source: 'online' }));
    expect(merged).toMatchObject({ outcome: 'changed', next: { status: 'unconfirmed', source: 'online', version: 0 } });
  });

  it('keeps when and in which conversation it was booked', () => {
    expect(mergePut(booked, putting()).next).toMatchObject({ bookedAt: MONDAY, conversation: 'talk' });
  });

  it('is a move where it names another time, and its confirmation holds', () => {
    const other = { start: new Date('2026-11-26T07:00:00Z'), end: new Date('2026-11-26T07:30:00Z') };
    const merged = mergePut(booked, putting({ ...other, status: 'confirmed' }));
    expect(merged.next).toMatchObject({ version: 1, status: 'confirmed' });
  });
});

describe('A step in chat', () => {
  const at = { at: NOON, by: 'patient' } as const;

  it('confirms an unconfirmed visit, once', () => {
    expect(applyStep(stored(), { kind: 'confirm' }, at)).toMatchObject({
      change: 'confirmed',
      next: { status: 'confirmed', statusAt: NOON, changedAt: NOON, changedBy: 'patient', rev: 2 },
    });
    expect(applyStep(confirmed(), { kind: 'confirm' }, at)).toBeNull();
  });

  it.each(['started', 'completed', 'noShow', 'cancelled'] as const)(
    'neither confirms nor cancels a visit that is %s',
    (status) => {
      expect(applyStep(stored({ status }), { kind: 'confirm' }, at)).toBeNull();
      expect(applyStep(stored({ status }), { kind: 'cancel' }, at)).toBeNull();
    },
  );

  it('cancels, and keeps a reason that comes later', () => {
    const cancelled = applied(confirmed(), { kind: 'cancel' });
    expect(cancelled).toMatchObject({ status: 'cancelled', statusAt: NOON });
    expect(applyStep(cancelled, { kind: 'cancel', reason: 'уезжаю' }, at)).toMatchObject({
      change: null,
      next: { cancelReason: 'уезжаю' },
    });
  });

  it('moves to another time under the same id, and a repeat changes nothing', () => {
    const step = {
      kind: 'move',
      start: new Date('2026-11-25T07:00:00Z'),
      end: new Date('2026-11-25T07:30:00Z'),
      doctor: 'orlov',
      status: 'confirmed',
    } as const;
    const moved = applied(stored(), step);
    expect(moved).toMatchObject({ id: 'visit', version: 1, movedAt: NOON, doctor: 'orlov', status: 'confirmed' });
    expect(applyStep(moved, step, at)).toBeNull();
  });

  it('shows the clinic’s moment where that is ahead of the clock', () => {
    const ahead = mergePut(null, putting({}, { changedAt: EVENING })).next;
    expect(applied(ahead, { kind: 'confirm' })).toMatchObject({ changedAt: EVENING, changedBy: 'clinic' });
  });
});

describe('A booking in chat', () => {
  it('is an appointment of source chat that the clinic has not repeated yet', () => {
    expect(bookedVisit(buildBooking({ insteadOf: 'old' }), MONDAY)).toMatchObject({
      id: 'booked',
      source: 'chat',
      clinic: null,
      bookedAt: MONDAY,
      changedBy: 'patient',
      insteadOf: 'old',
      version: 0,
    });
  });
});
