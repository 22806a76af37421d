import { beforeEach, describe, expect, it } from '@jest/globals';
import { buildBranch, buildDoctor, buildService, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, follow, jobsDb } = await openTestStores();
const { branches, doctors, services, simulator } = stores;
const NOON = new Date('2026-11-23T09:00:00Z');

let settingsChanged: unknown[] = [];
follow({
  appointmentChanged: async () => {},
  patientChanged: async () => {},
  settingsChanged: async (...change) => {
    settingsChanged.push(change);
  },
});

beforeEach(async () => {
  await simulator.reset();
  settingsChanged = [];
});

describe('Branches, doctors and services', () => {
  it('are given back as they were put', async () => {
    const branch = buildBranch({
      head: { name: 'Павел' },
      reviewSites: [{ site: 'maps', url: 'https://example.org' }],
    });
    expect(await branches.put('north', branch, MONDAY, 'clinic')).toEqual({
      document: { ...branch, id: 'north', changedAt: MONDAY, changedBy: 'clinic' },
      created: true,
      applied: true,
    });
    expect(await branches.get('north')).toEqual({ ...branch, id: 'north', changedAt: MONDAY, changedBy: 'clinic' });
  });

  it('are not changed by an equal PUT', async () => {
    const first = await services.put('cleaning', buildService({ synonyms: ['чистка'] }), MONDAY, 'clinic');
    const again = await services.put('cleaning', buildService({ synonyms: ['чистка'] }), NOON, 'clinic');
    expect(again).toEqual({ ...first, created: false });
  });

  it('lose a field that a PUT leaves out', async () => {
    await doctors.put('lebedeva', buildDoctor({ specialty: 'терапевт' }), MONDAY, 'clinic');
    const { document } = await doctors.put('lebedeva', buildDoctor(), NOON, 'clinic');
    expect(document).toEqual({ ...buildDoctor(), id: 'lebedeva', changedAt: NOON, changedBy: 'clinic' });
    expect(await doctors.get('lebedeva')).toEqual(document);
  });

  it('are created once though many put them at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => doctors.put('lebedeva', buildDoctor(), MONDAY, 'clinic')),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  });

  it('keep what a newer version wrote beside our fields, and do not show it', async () => {
    await doctors.put('lebedeva', buildDoctor(), MONDAY, 'clinic');
    const raw = jobsDb().collection<{ _id: string; room?: string }>('doctors');
    await raw.updateOne({ _id: 'lebedeva' }, { $set: { room: '12' } });
    expect(await doctors.get('lebedeva')).not.toHaveProperty('room');
    await doctors.put('lebedeva', buildDoctor({ memo: false }), NOON, 'clinic');
    expect(await raw.findOne({ _id: 'lebedeva' })).toMatchObject({ room: '12', memo: false });
  });

  it('are listed by key, page by page, and found by several keys', async () => {
    for (const id of ['c', 'a', 'b']) await doctors.put(id, buildDoctor(), MONDAY, 'clinic');
    const first = await doctors.list({ limit: 2 });
    const second = await doctors.list({ limit: 2, cursor: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await doctors.getMany(['c', 'x', 'a'])).map(({ id }) => id).toSorted()).toEqual(['a', 'c']);
  });
});

describe('A branch', () => {
  it('that gets another time zone has all its scenarios planned anew', async () => {
    await branches.put('north', buildBranch(), MONDAY, 'clinic');
    await branches.put('north', buildBranch({ name: 'Север' }), MONDAY, 'clinic');
    expect(settingsChanged).toEqual([]);
    await branches.put('north', buildBranch({ timezone: 'Asia/Yekaterinburg' }), NOON, 'clinic');
    expect(settingsChanged).toEqual([['north', null]]);
  });
});

describe('Services', () => {
  it('say whether some lack their recommendations', async () => {
    expect(await services.someLack('recommendationsBefore')).toBe(false);
    await services.put('a', buildService({ recommendationsBefore: 'Не ешьте' }), MONDAY, 'clinic');
    expect(await services.someLack('recommendationsBefore')).toBe(false);
    await services.put('b', buildService({ recommendationsBefore: '' }), MONDAY, 'clinic');
    expect(await services.someLack('recommendationsBefore')).toBe(true);
    expect(await services.someLack('recommendationsAfter')).toBe(true);
  });
});
