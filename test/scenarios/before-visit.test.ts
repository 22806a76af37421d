import { describe, expect, it } from '@jest/globals';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import { type Differences, decideAt, realRender, short } from '../support/scenario-facts.ts';
import { plannedMoment, visitBrief } from '../support/visit-rules.ts';

const render = await realRender();
const at = (instant: string): Date => new Date(instant);
const decided = (key: ScenarioKey, different: Differences, now: string): string =>
  short(decideAt(key, different, now, render));
const between = (start: string, end: string) => ({ start: at(start), end: at(end) });

describe('details', () => {
  it('goes at once when a visit is booked, up to an hour later', () => {
    expect(plannedMoment('details')).toBe('11-20T09:00 to 11-20T10:00');
    expect(decided('details', {}, '2026-11-20T09:59:59Z')).toMatch(/^send/);
    expect(decided('details', {}, '2026-11-20T10:00:00Z')).toBe('skip tooLate');
  });

  it('is dropped outside 06–21 (tooLate)', () => {
    expect(decided('details', { appointment: { bookedAt: at('2026-11-20T18:00:00Z') } }, '2026-11-20T18:00:00Z')).toBe(
      'skip tooLate',
    );
    expect(plannedMoment('details', { appointment: { bookedAt: at('2026-11-20T03:00:00Z') } })).toBe(
      '11-20T03:00 to 11-20T04:00',
    );
  });

  it('is not held up past the end of its window', () => {
    const appointment = { bookedAt: at('2026-11-20T17:45:00Z') };
    expect(plannedMoment('details', { appointment })).toBe('11-20T17:45 to 11-20T18:00');
  });

  it('bookedLate: not for a visit booked two hours ahead or less', () => {
    const bookedAt = at('2026-11-24T05:00:00Z');
    expect(decided('details', { appointment: { bookedAt } }, '2026-11-24T05:00:00Z')).toBe('skip bookedLate');
    expect(
      decided('details', { appointment: { bookedAt: at('2026-11-24T04:59:59Z') } }, '2026-11-24T04:59:59Z'),
    ).toMatch(/^send/);
  });

  it('onlineSource: not for bookings made online or in chat', () => {
    for (const source of ['online', 'chat'] as const) {
      expect(decided('details', { appointment: { source } }, '2026-11-20T09:00:00Z')).toBe('skip onlineSource');
    }
    expect(decided('details', { appointment: { source: 'partner' } }, '2026-11-20T09:00:00Z')).toMatch(/^send/);
  });

  it('telemedicine: not for telemedicine', () => {
    expect(decided('details', { appointment: { source: 'telemedicine' } }, '2026-11-20T09:00:00Z')).toBe(
      'skip telemedicine',
    );
  });

  it('is not sent for a quiet import', () => {
    expect(decided('details', { appointment: { quiet: true } }, '2026-11-20T09:00:00Z')).toBe('skip tooLate');
  });
});

describe('greeting', () => {
  const now = '2026-11-20T09:05:00Z';

  it('goes five minutes after the booking, up to an hour later', () => {
    expect(plannedMoment('greeting')).toBe('11-20T09:05 to 11-20T10:05');
  });

  it('is dropped when that is outside 06–21 (tooLate), and for a quiet import', () => {
    const late = { appointment: { bookedAt: at('2026-11-20T17:56:00Z') } };
    expect(decided('greeting', late, '2026-11-20T18:01:00Z')).toBe('skip tooLate');
    expect(decided('greeting', { appointment: { quiet: true } }, now)).toBe('skip tooLate');
  });

  it('notFirst: not for a patient with an earlier visit, in any branch', () => {
    const visits = [visitBrief('old', '2026-10-01T07:00:00Z', 'completed', { branch: 'south' })];
    expect(decided('greeting', { visits }, now)).toBe('skip notFirst');
  });

  it('goes to whoever only cancelled or missed before', () => {
    const visits = [
      visitBrief('a', '2026-10-01T07:00:00Z', 'cancelled'),
      visitBrief('b', '2026-10-02T07:00:00Z', 'noShow'),
    ];
    expect(decided('greeting', { visits }, now)).toMatch(/^send/);
  });

  it('goes again when the last visit ended 90 days or more before the booking', () => {
    expect(decided('greeting', { visits: [visitBrief('old', '2026-08-22T07:00:00Z', 'completed')] }, now)).toMatch(
      /^send/,
    );
    expect(decided('greeting', { visits: [visitBrief('old', '2026-08-23T07:00:00Z', 'started')] }, now)).toBe(
      'skip notFirst',
    );
  });

  it('drops the second case under the rule firstVisit', () => {
    const settings = { greeting: { rule: 'firstVisit' } } as const;
    const visits = [visitBrief('old', '2026-01-22T07:00:00Z', 'completed')];
    expect(decided('greeting', { visits, settings }, now)).toBe('skip notFirst');
  });

  it('goes for one of two visits that are booked at the same moment', () => {
    const bookedAt = at('2026-11-20T09:00:00Z');
    expect(
      decided('greeting', { visits: [visitBrief('later', '2026-11-27T07:00:00Z', 'unconfirmed', { bookedAt })] }, now),
    ).toMatch(/^send/);
    expect(
      decided('greeting', { visits: [visitBrief('sooner', '2026-11-23T07:00:00Z', 'unconfirmed', { bookedAt })] }, now),
    ).toBe('skip notFirst');
  });

  it('does not go again for a second visit booked by someone who just came back', () => {
    const visits = [
      visitBrief('next', '2026-11-26T07:00:00Z', 'unconfirmed', { bookedAt: at('2026-11-19T09:00:00Z') }),
      visitBrief('old', '2026-01-22T07:00:00Z', 'completed'),
    ];
    expect(decided('greeting', { visits }, now)).toBe('skip notFirst');
  });
});

describe('confirmation', () => {
  it('goes leadHours before the start, up to three hours before it', () => {
    expect(plannedMoment('confirmation')).toBe('11-23T07:00 to 11-24T04:00');
    expect(plannedMoment('confirmation', { settings: { confirmation: { leadHours: 48 } } })).toBe(
      '11-22T07:00 to 11-24T04:00',
    );
  });

  it('goes at 20:00 of the last evening before that when it lies outside the window', () => {
    const early = between('2026-11-24T05:00:00Z', '2026-11-24T05:30:00Z');
    expect(plannedMoment('confirmation', { appointment: early })).toBe('11-22T17:00 to 11-24T02:00');
    const late = between('2026-11-24T18:30:00Z', '2026-11-24T19:00:00Z');
    expect(plannedMoment('confirmation', { appointment: late })).toBe('11-23T17:00 to 11-24T15:30');
  });

  it('counts elapsed hours over a change of the clocks', () => {
    const branch = { timezone: 'Europe/Rome', country: 'IT' };
    const appointment = {
      ...between('2026-10-25T11:00:00Z', '2026-10-25T11:30:00Z'),
      bookedAt: at('2026-10-01T09:00:00Z'),
    };
    // 12:00 in Rome on the day the clocks go back: 24 hours earlier the wall shows 13:00.
    expect(plannedMoment('confirmation', { branch, appointment })).toBe('10-24T11:00 to 10-25T08:00');
  });

  it('tooLate: an appointment booked or moved after its moment gets none', () => {
    const now = '2026-11-23T08:00:00Z';
    expect(decided('confirmation', { appointment: { bookedAt: at('2026-11-23T07:00:01Z') } }, now)).toBe(
      'skip tooLate',
    );
    expect(decided('confirmation', { appointment: { movedAt: at('2026-11-23T07:00:01Z') } }, now)).toBe('skip tooLate');
    expect(decided('confirmation', { appointment: { bookedAt: at('2026-11-23T07:00:00Z') } }, now)).toMatch(/^send/);
  });

  it('takes a quiet import for booked long ago, unless it says when', () => {
    const bookedAt = at('2026-11-23T08:00:00Z');
    const quiet = { bookedAt, quiet: true, bookedAtGiven: false };
    expect(decided('confirmation', { appointment: quiet }, '2026-11-23T08:00:00Z')).toMatch(/^send/);
    expect(decided('confirmation', { appointment: { ...quiet, bookedAtGiven: true } }, '2026-11-23T08:00:00Z')).toBe(
      'skip tooLate',
    );
  });

  it('with a lead of three hours or less goes up to half the lead before the start', () => {
    expect(plannedMoment('confirmation', { settings: { confirmation: { leadHours: 2 } } })).toBe(
      '11-23T17:00 to 11-24T06:00',
    );
    const noon = between('2026-11-24T10:00:00Z', '2026-11-24T10:30:00Z');
    expect(plannedMoment('confirmation', { appointment: noon, settings: { confirmation: { leadHours: 3 } } })).toBe(
      '11-24T07:00 to 11-24T08:30',
    );
  });

  it('stands by a moment that was planned when a changed setting would put it into the past', () => {
    const different = {
      appointment: { bookedAt: at('2026-11-22T08:00:00Z') },
      settings: { confirmation: { leadHours: 72 } },
    };
    const as = { planned: { at: at('2026-11-23T07:00:00Z'), latestAt: at('2026-11-24T04:00:00Z') } };
    const decision = decideAt('confirmation', different, '2026-11-23T07:00:00Z', render, as);
    expect(short(decision)).toMatch(/^send/);
  });
});

describe('The second request', () => {
  const second: Differences = {
    step: 2,
    asked: { at: at('2026-11-23T07:00:00Z'), answered: false, conversation: 'confirmation.visit.0' },
    settings: { confirmation: { second: 'everybody' } },
  };
  const now = '2026-11-23T13:00:00Z';

  it('goes secondAfterHours after the first', () => {
    expect(plannedMoment('confirmation', second)).toBe('11-23T13:00 to 11-24T04:00');
    expect(decided('confirmation', second, now)).toMatch(/^send/);
  });

  it('moves to the next start of the window if outside', () => {
    const asked = { at: at('2026-11-23T15:00:00Z'), answered: false, conversation: null };
    const appointment = between('2026-11-24T14:00:00Z', '2026-11-24T14:30:00Z');
    expect(plannedMoment('confirmation', { ...second, asked, appointment })).toBe('11-24T06:00 to 11-24T11:00');
  });

  it('is not sent to who answered', () => {
    const asked = { at: at('2026-11-23T07:00:00Z'), answered: true, conversation: null };
    expect(decided('confirmation', { ...second, asked }, now)).toBe('skip status');
    expect(decided('confirmation', { ...second, appointment: { status: 'confirmed' } }, now)).toBe('skip status');
  });

  it('reliable: is not sent to reliable patients where only unreliable ones are asked', () => {
    const settings = { confirmation: { second: 'unreliable' } } as const;
    const taken = ['a', 'b'].map((id) => visitBrief(id, '2026-05-01T07:00:00Z', 'completed'));
    const missed = visitBrief('c', '2026-05-02T07:00:00Z', 'noShow');
    expect(decided('confirmation', { ...second, settings }, now)).toBe('skip reliable');
    expect(decided('confirmation', { ...second, settings, visits: [missed] }, now)).toBe('skip reliable');
    expect(decided('confirmation', { ...second, settings, visits: [...taken, missed] }, now)).toMatch(/^send/);
  });

  it('is not sent once the setting says nobody', () => {
    expect(decided('confirmation', { ...second, settings: {} }, now)).toBe('skip scenarioOff');
  });

  it('goes on in the conversation of the first', () => {
    const decision = decideAt('confirmation', second, now, render);
    expect(decision).toMatchObject({ opening: { id: 'confirmation.visit.0', machine: 'confirmation' } });
  });
});

describe('reminder', () => {
  it('goes leadHours before the start, up to 30 minutes before it', () => {
    expect(plannedMoment('reminder')).toBe('11-24T05:00 to 11-24T06:30');
  });

  it('goes at 20:00 of the evening before the visit when it lies outside the window', () => {
    const early = between('2026-11-24T05:00:00Z', '2026-11-24T05:30:00Z');
    expect(plannedMoment('reminder', { appointment: early })).toBe('11-23T17:00 to 11-24T04:30');
    const lead = { settings: { reminder: { leadHours: 48 } } };
    const dawn = between('2026-11-24T03:00:00Z', '2026-11-24T03:30:00Z');
    expect(plannedMoment('reminder', { ...lead, appointment: dawn })).toBe('11-23T17:00 to 11-24T02:30');
  });

  it('bookedLate: not for a visit booked or moved less than minLeadHours ahead', () => {
    const now = '2026-11-24T05:30:00Z';
    expect(decided('reminder', { appointment: { bookedAt: at('2026-11-24T03:00:01Z') } }, now)).toBe('skip bookedLate');
    expect(decided('reminder', { appointment: { movedAt: at('2026-11-24T03:00:01Z') } }, now)).toBe('skip bookedLate');
    expect(decided('reminder', { appointment: { bookedAt: at('2026-11-24T03:00:00Z') } }, now)).toMatch(/^send/);
  });

  it('goes at once when booked after its moment and before its latest one', () => {
    const settings = { reminder: { minLeadHours: 1 } };
    const appointment = { bookedAt: at('2026-11-24T05:45:00Z') };
    expect(decided('reminder', { settings, appointment }, '2026-11-24T05:45:00Z')).toMatch(/^send/);
  });
});

describe('recommendationsBefore', () => {
  it('goes at 16:00 of the day before, up to 21:00', () => {
    expect(plannedMoment('recommendationsBefore')).toBe('11-23T13:00 to 11-23T18:00');
  });

  it('bookedSameDay: not for a visit booked on the day of the visit', () => {
    const appointment = {
      ...between('2026-11-24T16:00:00Z', '2026-11-24T16:30:00Z'),
      bookedAt: at('2026-11-24T06:00:00Z'),
    };
    expect(decided('recommendationsBefore', { appointment }, '2026-11-24T06:00:00Z')).toBe('skip bookedSameDay');
  });

  it('goes at once when booked later on the day before', () => {
    const appointment = { bookedAt: at('2026-11-23T15:00:00Z') };
    expect(decided('recommendationsBefore', { appointment }, '2026-11-23T15:00:00Z')).toMatch(/^send/);
  });

  it('tooLate from 21:00 on', () => {
    expect(decided('recommendationsBefore', {}, '2026-11-23T18:00:00Z')).toBe('skip tooLate');
  });
});
