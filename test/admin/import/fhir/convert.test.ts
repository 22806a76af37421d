import { describe, expect, it } from '@jest/globals';
import { convertResources } from '../../../../src/admin/import/fhir/convert.ts';
import type { Element } from '../../../../src/admin/import/fhir/element.ts';
import { readBundle } from '../../../../src/admin/import/fhir/read-bundle.ts';
import type { Plan } from '../../../../src/admin/import/plan.ts';

const convert = (...resources: readonly Element[]): Plan =>
  convertResources(readBundle({ resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) }), {
    flags: {},
    defaultBranch: null,
    now: new Date('2026-11-23T05:00:00Z'),
  });
const bodyOf = (plan: Plan, type: string): Element | undefined => plan.puts.find((put) => put.type === type)?.body;
const keysOf = (plan: Plan, type: string): readonly string[] =>
  plan.puts.filter((put) => put.type === type).map(({ key }) => key);

const patient = { resourceType: 'Patient', id: 'p', name: [{ family: 'Rossi', given: ['Anna'] }] };
const doctor = { resourceType: 'Practitioner', id: 'd', name: [{ text: 'Dr. D' }] };
const place = { resourceType: 'Location', id: 'l', name: 'Hill' };
const visit = (more: Element = {}): Element => ({
  resourceType: 'Appointment',
  id: 'v',
  status: 'booked',
  start: '2026-11-26T10:00:00Z',
  end: '2026-11-26T10:30:00Z',
  participant: [
    { actor: { reference: 'Patient/p' }, status: 'needs-action' },
    { actor: { reference: 'Practitioner/d' }, status: 'accepted' },
    { actor: { reference: 'Location/l' }, status: 'accepted' },
  ],
  ...more,
});
const among = (...actors: readonly Element[]): Element => ({
  participant: [{ actor: { reference: 'Patient/p' }, status: 'needs-action' }, ...actors],
});

describe('The status of an appointment', () => {
  it.each([
    ['proposed', 'unconfirmed'],
    ['pending', 'unconfirmed'],
    ['booked', 'unconfirmed'],
    ['arrived', 'started'],
    ['checked-in', 'started'],
    ['fulfilled', 'completed'],
    ['cancelled', 'cancelled'],
    ['noshow', 'noShow'],
  ])('%s becomes %s', (status, expected) => {
    expect(bodyOf(convert(patient, doctor, place, visit({ status })), 'appointment')).toMatchObject({
      status: expected,
    });
  });

  it.each([
    ['proposed', 'confirmed'],
    ['pending', 'confirmed'],
    ['booked', 'confirmed'],
    ['arrived', 'started'],
    ['cancelled', 'cancelled'],
  ])('%s of a patient who accepted becomes %s', (status, expected) => {
    const accepted = among({ actor: { reference: 'Practitioner/d' } }, { actor: { reference: 'Location/l' } });
    const participant = [
      { actor: { reference: 'Patient/p' }, status: 'accepted' },
      ...(accepted['participant'] as object[]).slice(1),
    ];
    expect(bodyOf(convert(patient, doctor, place, visit({ status, participant })), 'appointment')).toMatchObject({
      status: expected,
    });
  });

  it('entered-in-error takes the visit away', () => {
    const plan = convert(visit({ status: 'entered-in-error', participant: [] }));
    expect([plan.removals, plan.puts, plan.bad]).toEqual([[{ key: 'v', label: 'entry[0] Appointment/v' }], [], []]);
  });

  it('waitlist is left out by name', () => {
    expect(convert(visit({ status: 'waitlist' }))).toMatchObject({
      puts: [],
      leftOut: [{ label: 'entry[0] Appointment/v', words: 'is on a waiting list' }],
    });
  });
});

describe('Who a visit is with, and where', () => {
  const room = { resourceType: 'Location', id: 'r', name: 'Room 3', partOf: { reference: 'Location/l' } };
  const role = {
    resourceType: 'PractitionerRole',
    id: 'ro',
    practitioner: { reference: 'Practitioner/d' },
    location: [{ reference: 'Location/r' }],
    specialty: [{ coding: [{ code: '1', display: 'Dentistry' }] }],
  };
  const schedule = {
    resourceType: 'Schedule',
    id: 'sc',
    actor: [{ reference: 'Practitioner/d' }, { reference: 'Location/r' }],
  };
  const slot = { resourceType: 'Slot', id: 's', status: 'busy', schedule: { reference: 'Schedule/sc' } };
  const other = { resourceType: 'Location', id: 'l2', name: 'Valley' };

  it.each([
    [
      'a room belongs to its clinic',
      [room],
      among({ actor: { reference: 'Practitioner/d' } }, { actor: { reference: 'Location/r' } }),
    ],
    ['a role stands for doctor and place', [room, role, other], among({ actor: { reference: 'PractitionerRole/ro' } })],
    ['a doctor works where the role says', [room, role, other], among({ actor: { reference: 'Practitioner/d' } })],
    [
      'a slot leads through its schedule',
      [room, schedule, slot, other],
      { ...among(), slot: [{ reference: 'Slot/s' }] },
    ],
    ['the only place there is', [room], among({ actor: { reference: 'Practitioner/d' } })],
    ['a name that a resource has', [other], among({ actor: { display: 'Dr. D' } }, { actor: { display: 'Hill' } })],
    [
      'not a doctor who declined',
      [other],
      among(
        { actor: { reference: 'Practitioner/x' }, status: 'declined' },
        { actor: { reference: 'Practitioner/d' } },
        { actor: { reference: 'Location/l' } },
      ),
    ],
  ])('%s', (_what, resources, more) => {
    const plan = convert(patient, doctor, place, ...resources, visit(more));
    expect(plan.bad).toEqual([]);
    expect(bodyOf(plan, 'appointment')).toMatchObject({ doctor: 'd', branch: 'l' });
    expect(keysOf(plan, 'branch')).not.toContain('r');
  });

  it('takes a specialty and the places of work from roles and visits', () => {
    const plan = convert(
      patient,
      doctor,
      place,
      room,
      role,
      other,
      visit(among({ actor: { reference: 'Practitioner/d' } }, { actor: { reference: 'Location/l2' } })),
    );
    expect(bodyOf(plan, 'doctor')).toEqual({ name: 'Dr. D', specialty: 'Dentistry', branches: ['l', 'l2'] });
  });

  it('refuses a visit of several patients, and one whose place could be several', () => {
    const several = visit(among({ actor: { reference: 'Patient/q' } }, { actor: { reference: 'Practitioner/d' } }));
    expect(convert(patient, doctor, place, several).bad).toEqual([
      { label: 'entry[3] Appointment/v', words: 'participant.actor: names several patients' },
    ]);
    const unclear = visit(among({ actor: { reference: 'Practitioner/d' } }));
    expect(convert(patient, doctor, place, other, unclear).bad).toEqual([
      {
        label: 'entry[4] Appointment/v',
        words: 'participant.actor: names no location (give --branch-name to use one for all such visits)',
      },
    ]);
  });

  it('does not follow a circle of places for ever', () => {
    const a = { resourceType: 'Location', id: 'a', name: 'A', partOf: { reference: 'Location/b' } };
    const b = { resourceType: 'Location', id: 'b', name: 'B', partOf: { reference: 'Location/a' } };
    expect(keysOf(convert(a, b), 'branch')).toEqual(['a', 'b']);
  });
});

describe('What a visit is for, and when', () => {
  const cleaning = {
    resourceType: 'HealthcareService',
    id: 'h',
    name: 'Cleaning',
    type: [{ coding: [{ system: 's', code: 'c' }] }],
  };

  it.each([
    [
      'a participant',
      { participant: [...(visit()['participant'] as object[]), { actor: { reference: 'HealthcareService/h' } }] },
    ],
    ['a code of its type', { serviceType: [{ coding: [{ system: 's', code: 'c', display: 'x' }] }] }],
    ['its name', { serviceType: [{ text: 'cleaning' }] }],
  ])('is a service by %s', (_what, more) => {
    expect(bodyOf(convert(patient, doctor, place, cleaning, visit(more)), 'appointment')).toMatchObject({
      services: ['h'],
    });
  });

  it('gives a service the length of its visits', () => {
    const long = visit({ id: 'v2', end: '2026-11-26T10:45:00Z', serviceType: [{ text: 'Cleaning' }] });
    const plan = convert(patient, doctor, place, cleaning, long);
    expect(plan.puts.find(({ type }) => type === 'service')).toMatchObject({ fallback: { durationMinutes: 45 } });
    expect(convert(cleaning).puts).toMatchObject([{ fallback: { durationMinutes: 30 } }]);
  });

  it('ends after minutesDuration where it has no end', () => {
    const plan = convert(patient, doctor, place, visit({ end: undefined, minutesDuration: 20 }));
    expect(bodyOf(plan, 'appointment')).toMatchObject({ end: '2026-11-26T10:20:00.000Z' });
    expect(convert(patient, doctor, place, visit({ end: undefined })).bad).toEqual([
      { label: 'entry[3] Appointment/v', words: 'end: is missing' },
    ]);
  });

  it('has no end where minutesDuration leads past the end of all dates', () => {
    const plan = convert(patient, doctor, place, visit({ end: undefined, minutesDuration: 1e12 }));
    expect(plan.bad).toEqual([{ label: 'entry[3] Appointment/v', words: 'end: is missing' }]);
  });

  it('keeps when it was booked and when it was changed', () => {
    const meta = { lastUpdated: '2026-11-20T10:00:00.5+01:00' };
    expect(
      bodyOf(convert(patient, doctor, place, visit({ created: '2026-11-01', meta })), 'appointment'),
    ).toMatchObject({
      bookedAt: '2026-11-01T00:00:00Z',
      changedAt: '2026-11-20T10:00:00.5+01:00',
    });
    expect(bodyOf(convert(patient, doctor, place, visit({ created: '2026-11' })), 'appointment')).not.toHaveProperty(
      'bookedAt',
    );
  });

  it('counts the newer of two versions', () => {
    const older = visit({ status: 'booked', meta: { lastUpdated: '2026-11-20T10:00:00Z' } });
    const newer = visit({ status: 'cancelled', meta: { lastUpdated: '2026-11-21T10:00:00Z' } });
    for (const both of [
      [older, newer],
      [newer, older],
    ])
      expect(bodyOf(convert(patient, doctor, place, ...both), 'appointment')).toMatchObject({ status: 'cancelled' });
  });
});

describe('A patient', () => {
  it.each([
    ['who died', { deceasedBoolean: true }, { channel: 'none' }],
    ['who died on a day', { deceasedDateTime: '2026' }, { channel: 'none' }],
    ['who is not active', { active: false }, { channel: 'none' }],
    ['who said no language of ours', { communication: [{ language: { text: 'Español' }, preferred: true }] }, {}],
    [
      'who prefers one',
      {
        communication: [
          { language: { coding: [{ code: 'en' }] } },
          { language: { coding: [{ code: 'ru-RU' }] }, preferred: true },
        ],
      },
      { locale: 'ru' },
    ],
    ['who has one', { communication: [{ language: { coding: [{ code: 'it' }] } }] }, { locale: 'it' }],
    ['of whom the year of birth is known', { birthDate: '1985' }, {}],
    ['of whom the sex is not told', { gender: 'unknown' }, {}],
  ])('%s', (_what, more, expected) => {
    expect(bodyOf(convert({ ...patient, ...more }), 'patient')).toEqual({
      lastName: 'Rossi',
      firstName: 'Anna',
      phones: [],
      ...expected,
    });
  });

  it('may be contained in the appointment', () => {
    const contained = {
      ...visit(),
      contained: [{ ...patient, id: 'c1' }],
      participant: [{ actor: { reference: '#c1' } }, { actor: { reference: 'Practitioner/d' } }],
    };
    const plan = convert(doctor, place, contained);
    expect(keysOf(plan, 'patient')).toEqual(['v.c1']);
    expect(bodyOf(plan, 'appointment')).toMatchObject({ patient: 'v.c1' });
  });
});
