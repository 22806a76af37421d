import { beforeEach, describe, expect, it } from '@jest/globals';
import { FIRST_PLAN, openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const { stores, clock } = house;
const visit = { appointment: 'visit' };
const at = (instant: string): Date => new Date(instant);

beforeEach(() => house.fill());

describe('A key whose appointment was removed', () => {
  beforeEach(() => house.fill({ on: ['details'] }));
  const day = { start: at('2026-11-25T07:00:00Z'), end: at('2026-11-25T07:30:00Z') };

  it('gets details of the other booking that is stored under it', async () => {
    await house.visit('visit');
    await house.to('2026-11-20T09:01:00Z');
    await stores.appointments.remove('visit', clock.now());
    await house.visit('visit', { ...day, bookedAt: at('2026-11-20T09:02:00Z') });
    await house.to('2026-11-20T09:03:00Z');
    expect((await house.rows(visit, 'details')).map((row) => row.slice(0, 16))).toEqual([
      'details 1.0 sent',
      'details 1.1 sent',
    ]);
  });

  it('gets no second details of the same booking put back', async () => {
    await house.visit('visit');
    await house.to('2026-11-20T09:01:00Z');
    await stores.appointments.remove('visit', clock.now());
    await house.visit('visit');
    await house.to('2026-11-20T09:03:00Z');
    expect((await house.rows(visit, 'details')).map((row) => row.slice(0, 16))).toEqual(['details 1.0 sent']);
  });
});

describe('A changed setting', () => {
  it('re-plans what is unsent', async () => {
    await house.visit('visit');
    await house.settings('confirmation', { leadHours: 48 });
    expect(await house.rows(visit, 'confirmation')).toEqual(['confirmation 1.0 planned 11-22T07:00']);
  });

  it('leaves the old moment where the new one is past', async () => {
    await house.fill({ on: ['confirmation'] });
    await house.visit('visit');
    clock.set('2026-11-22T09:00:00Z');
    await house.settings('confirmation', { leadHours: 72 });
    expect(await house.rows(visit, 'confirmation')).toEqual(['confirmation 1.0 planned 11-23T07:00']);
    await house.to('2026-11-23T07:00:00Z');
    expect(await house.rows(visit, 'confirmation')).toEqual(['confirmation 1.0 sent 11-23T07:00']);
  });

  it('plans visits whose moment was missed under the old one', async () => {
    clock.set('2026-11-23T08:00:00Z');
    await house.visit('visit', { bookedAt: at('2026-11-23T08:00:00Z') });
    expect(await house.rows(visit, 'confirmation')).toEqual([]);
    await house.settings('confirmation', { leadHours: 10, window: { from: '00:00', to: '23:59' } });
    expect(await house.rows(visit, 'confirmation')).toEqual(['confirmation 1.0 planned 11-23T21:00']);
  });

  it('does not touch other scenarios or branches', async () => {
    await house.visit('visit');
    await house.settings('reminder', { leadHours: 4 });
    expect(await house.rows(visit)).toEqual([
      ...FIRST_PLAN.slice(0, 5),
      'reminder 1.0 planned 11-23T17:00',
      'survey 1.0 planned 11-24T10:30',
    ]);
  });

  it('of the branch’s zone re-plans every scenario', async () => {
    await house.visit('visit');
    const branch = await stores.branches.get('north');
    if (branch === null) throw new Error('the branch is there');
    const { id: _id, changedAt: _at, changedBy: _by, ...body } = branch;
    await stores.branches.put('north', { ...body, timezone: 'Asia/Yekaterinburg' }, clock.now(), 'clinic');
    expect(await house.rows(visit, 'recommendationsBefore')).toEqual(['recommendationsBefore 1.0 planned 11-23T11:00']);
  });
});

describe('The sweeps', () => {
  it('are one a scenario, and plan what nobody told of', async () => {
    await house.visit('visit');
    const reminder = await house.row('reminder|a:visit|1|0');
    await stores.outbox.save(reminder, {
      ...reminder,
      dueAt: at('2026-11-24T04:00:00Z'),
      lookAt: at('2026-11-24T04:00:00Z'),
    });
    expect(house.planner.sweeps.map(({ name }) => name)).toContain('plan:reminder');
    expect(house.planner.sweeps).toHaveLength(10);
    for (const sweep of house.planner.sweeps) await sweep.run(clock.now());
    expect(await house.rows(visit, 'reminder')).toEqual(['reminder 1.0 planned 11-24T05:00']);
  });
});
