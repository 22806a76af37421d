import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../../src/conversations/answers.ts';
import { matchText, type Question } from '../../src/conversations/matching.ts';
import type { Locale } from '../../src/core/locale.ts';

const MOMENT = Date.parse('2026-11-25T15:00:00Z');
const inRussian = { locale: 'ru' as const, numbered: false };

/** The confirmation of a visit tomorrow at 17:00, whose new time is being looked for. */
const handedOn = question({ id: 'confirmation.visit.0', machine: 'confirmation', state: 'rebooking' });
/** The search that it opened in the same step; its id sorts before the confirmation's. */
const search = question({
  id: '01m89dqpk30000qq04me3zxa85',
  machine: 'rebooking',
  state: 'choosingDay',
  choices: [
    { id: 'day:2026-11-27', title: 'пт, 27 ноября' },
    { id: 'day:2026-11-28', title: 'сб, 28 ноября' },
    { id: 'otherDay', title: 'Другой день' },
  ],
});

describe('A reply while a new time is looked for', () => {
  it('answers the list of days by its number, though the search opened in the moment of the answer before', () => {
    expect(matchText('1', null, [handedOn, search], inRussian)).toEqual({
      kind: 'answer',
      question: search.id,
      answer: { kind: 'choice', id: 'day:2026-11-27' },
    });
  });

  it('answers the list of days by its name', () => {
    expect(matchText('суббота', null, [handedOn, search], inRussian)).toMatchObject({
      question: search.id,
      answer: { id: 'day:2026-11-28' },
    });
  });

  it('is no yes to the old time when it names the day of the visit, and no new wish when it names a day not shown', () => {
    for (const text of ['завтра', 'в 17:00', '2 декабря']) {
      expect(matchText(text, null, [handedOn, search], inRussian)).toEqual({
        kind: 'notUnderstood',
        question: search.id,
      });
    }
  });

  it('still keeps the visit as it is when it says so', () => {
    expect(matchText('не надо переносить, приду', null, [handedOn, search], inRussian)).toMatchObject({
      question: handedOn.id,
      answer: { id: 'confirm' },
    });
  });
});

describe('A reply to "which visit?"', () => {
  it.each([
    ['ru', 'обе'],
    ['ru', 'все'],
    ['en', 'both'],
    ['it', 'tutte e due'],
  ] satisfies [Locale, string][])('means all of them in %s: %s', (locale, text) => {
    const which = question({
      id: 'confirmation.visit.0',
      machine: 'confirmation',
      state: 'choosingVisit',
      choices: [
        { id: 'visit:0', title: '17:00' },
        { id: 'visit:1', title: '19:00' },
        { id: 'all', title: 'Все' },
      ],
    });
    expect(matchText(text, null, [which], { locale, numbered: false })).toMatchObject({ answer: { id: 'all' } });
  });
});

describe('A reply to "will you come?"', () => {
  it.each([
    ['ru', 'не буду отменять', 'confirm'],
    ['ru', 'отменять не буду', 'confirm'],
    ['ru', 'передумала отменять', 'confirm'],
    ['ru', 'не буду переносить', 'confirm'],
    ['ru', 'не буду', 'cancel'],
    ['ru', 'не приду, отмените', 'cancel'],
    ['ru', 'нет, всё-таки 1', 'unclear'],
    ['ru', 'передумала', 'cancel'],
    ['ru', 'не могу подтвердить', 'unclear'],
    ['ru', 'не могу прийти', 'cancel'],
    ['ru', 'надо подтверждать?', 'question'],
    ['ru', 'позже отвечу', 'unclear'],
    ['en', 'do I need to confirm?', 'question'],
    ['en', 'remind me later', 'unclear'],
    ['en', 'at 5:00pm', 'confirm'],
    ['en', 'at 5:30pm', 'reschedule'],
    ['en', '5pm', 'confirm'],
    ['it', 'devo confermare?', 'question'],
  ] satisfies [Locale, string, string][])('in %s “%s” is read as %s', (locale, text, reading) => {
    const visits = [{ day: '2026-11-26', time: '17:00' }];
    expect(readAnswer(text, { kind: 'confirmation', visits, today: '2026-11-25' }, locale).kind).toBe(reading);
  });
});

describe('A sign when nothing is asked', () => {
  it('is a courtesy', () => {
    expect(matchText('👍', null, [], inRussian)).toEqual({ kind: 'courtesy' });
    expect(matchText('?', null, [], inRussian)).toEqual({ kind: 'nothing' });
  });
});

function question(about: Pick<Question, 'id' | 'machine' | 'state'> & Partial<Question>): Question {
  return {
    open: true,
    over: false,
    askedAtMs: MOMENT,
    choices: [],
    visits: about.machine === 'confirmation' ? [{ day: '2026-11-26', time: '17:00' }] : [],
    today: '2026-11-25',
    listens: false,
    ...about,
  };
}
