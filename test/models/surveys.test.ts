import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SurveyStore } from '../../src/core/survey.ts';
import { MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { simulator, surveys } = stores;
const NOON = new Date('2026-11-23T09:00:00Z');

type Given = Parameters<SurveyStore['score']>[0];

function survey(overrides: Partial<Given> = {}): Given {
  return {
    id: 's',
    patient: 'maria',
    appointment: 'visit',
    doctor: 'lebedeva',
    branch: 'north',
    services: ['cleaning'],
    score: 4,
    answeredAt: MONDAY,
    conversation: 'talk',
    ...overrides,
  };
}

beforeEach(() => simulator.reset());

describe('A survey', () => {
  it('keeps the first score', async () => {
    const first = await surveys.score(survey());
    expect(first).toEqual({ ...survey(), contactRequested: false });
    expect(await surveys.score(survey({ score: 1 }))).toEqual(first);
  });

  it('puts further words on a new line', async () => {
    await surveys.score(survey());
    await surveys.comment('s', 'долго ждали');
    expect(await surveys.comment('s', 'но врач хороший')).toMatchObject({ comment: 'долго ждали\nно врач хороший' });
    expect(await surveys.comment('unknown', 'x')).toBeNull();
  });

  it('loses no words that come at the same moment', async () => {
    await surveys.score(survey());
    await Promise.all(['a', 'b', 'c', 'd'].map((words) => surveys.comment('s', words)));
    expect((await surveys.get('s'))?.comment?.split('\n').toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('remembers a wish for contact', async () => {
    await surveys.score(survey());
    expect(await surveys.requestContact('s')).toMatchObject({ contactRequested: true });
    expect(await surveys.requestContact('unknown')).toBeNull();
  });

  it('keeps the first who takes care', async () => {
    await surveys.score(survey());
    await surveys.takeCare('s', 'anna', MONDAY);
    expect(await surveys.takeCare('s', 'pavel', NOON)).toMatchObject({ takenCareOf: { by: 'anna', at: MONDAY } });
  });

  it('is found as the newest of a patient on a doctor', async () => {
    await surveys.score(survey());
    await surveys.score(survey({ id: 'later', answeredAt: NOON }));
    await surveys.score(survey({ id: 'other', doctor: 'orlov' }));
    expect((await surveys.newestOf('maria', 'lebedeva'))?.id).toBe('later');
    expect(await surveys.newestOf('ivan', 'lebedeva')).toBeNull();
  });
});

describe('Surveys', () => {
  beforeEach(async () => {
    await surveys.score(survey({ id: 'a', score: 5 }));
    await surveys.score(
      survey({ id: 'b', score: 2, doctor: 'orlov', services: ['cleaning', 'x-ray'], answeredAt: NOON }),
    );
    const lastOfMonth = new Date('2026-11-30T20:00:00Z');
    await surveys.score(survey({ id: 'c', score: 3, branch: 'south', patient: 'ivan', answeredAt: lastOfMonth }));
  });

  it('are listed by patient, branch, doctor and day, the newest first', async () => {
    const ids = async (query: Parameters<SurveyStore['list']>[0]) =>
      (await surveys.list(query, { limit: 5 })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ patient: 'ivan' })).toEqual(['c']);
    expect(await ids({ branch: 'north' })).toEqual(['b', 'a']);
    expect(await ids({ doctor: 'orlov' })).toEqual(['b']);
    expect(await ids({ from: MONDAY, to: NOON })).toEqual(['a']);
  });

  it('are summed up by branch and by doctor', async () => {
    expect(await surveys.summary({}, 'branch', {})).toEqual([
      { key: 'north', answers: 2, average: 3.5, scores: { 1: 0, 2: 1, 3: 0, 4: 0, 5: 1 } },
      { key: 'south', answers: 1, average: 3, scores: { 1: 0, 2: 0, 3: 1, 4: 0, 5: 0 } },
    ]);
    expect((await surveys.summary({}, 'doctor', {})).map(({ key, answers }) => [key, answers])).toEqual([
      ['lebedeva', 2],
      ['orlov', 1],
    ]);
  });

  it('count for each service of the visit', async () => {
    const groups = await surveys.summary({ branch: 'north' }, 'service', {});
    expect(groups.map(({ key, answers, average }) => [key, answers, average])).toEqual([
      ['cleaning', 2, 3.5],
      ['x-ray', 1, 2],
    ]);
  });

  it('count in the month of their branch’s zone', async () => {
    const zones = { north: 'Europe/Moscow', south: 'Asia/Vladivostok' };
    expect((await surveys.summary({}, 'month', zones)).map(({ key, answers }) => [key, answers])).toEqual([
      ['2026-11', 2],
      ['2026-12', 1],
    ]);
  });
});
