import { describe, expect, it } from '@jest/globals';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import { nameNumbered, PLACEHOLDERS, unknownPlaceholders } from '../../src/scenarios/placeholders.ts';
import { visitValues } from '../../src/scenarios/values.ts';
import { type Differences, decideAt, realRender, visitFacts } from '../support/scenario-facts.ts';

const render = await realRender();
const DUE = '2026-11-23T07:00:00Z';
const said = (key: ScenarioKey, different: Differences, now = DUE, also?: Parameters<typeof decideAt>[4]) => {
  const decision = decideAt(key, different, now, render, also);
  if (decision.kind !== 'send') throw new Error(`${key} does not go: ${decision.rule}`);
  return decision;
};
const linesOf = (key: ScenarioKey, different: Differences, now = DUE): string[] =>
  said(key, different, now).text.split('\n');
const choicesOf = (key: ScenarioKey, different: Differences, now = DUE): string[] =>
  (said(key, different, now).content.choices ?? []).map(({ id }) => id);

describe('A text', () => {
  it.each([
    ['ru', 'Мария, напоминаем о приёме: вторник, 24 ноября 2026, 10:00, врач Лебедева Анна Сергеевна. Вы придёте?'],
    [
      'en',
      'Мария, you have a visit on Tuesday, 24 November 2026 at 10:00 with Лебедева Анна Сергеевна. Will you come?',
    ],
    ['it', 'Мария, ha una visita martedì 24 novembre 2026 alle 10:00, Лебедева Анна Сергеевна. Verrà?'],
  ] as const)('speaks %s', (locale, text) => {
    expect(linesOf('confirmation', { patient: { locale } })).toEqual([text]);
  });

  it('is in the language chosen in chat, else the patient’s, else the branch’s', () => {
    expect(said('confirmation', { patient: { locale: 'it', chosenLocale: 'en' } }).locale).toBe('en');
    expect(said('confirmation', { patient: { locale: 'it' } }).locale).toBe('it');
    expect(said('confirmation', { branch: { locale: 'it' } }).locale).toBe('it');
    expect(said('confirmation', { guardian: { locale: 'en' }, patient: { locale: 'it' } }).locale).toBe('en');
  });

  it('is the branch’s own where there is one in that language, else the default', () => {
    const settings = { details: { texts: { en: 'See you, {{patient.firstName}}, [TRD9]!' } } };
    const now = '2026-11-20T09:00:00Z';
    expect(linesOf('details', { settings, patient: { locale: 'en' } }, now)).toEqual(['See you, Мария, 10:00!']);
    expect(linesOf('details', { settings }, now)[0]).toMatch(/^Мария, вы записаны: вторник, 24 ноября 2026, 10:00\./);
  });

  it('never expands a value again', () => {
    const patient = { firstName: '{{patient.phone}}', locale: 'en' } as const;
    expect(
      linesOf(
        'details',
        { patient, settings: { details: { texts: { en: 'Hi {{patient.firstName}}' } } } },
        '2026-11-20T09:00:00Z',
      ),
    ).toEqual(['Hi {{patient.phone}}']);
  });

  it('addresses the guardian', () => {
    expect(linesOf('confirmation', { guardian: { firstName: 'Ольга' } })[0]).toMatch(/^Ольга, /);
  });

  it('names the branch as it is called in messages', () => {
    const branch = { nameInMessages: 'Тверская, 1' };
    expect(linesOf('details', { branch }, '2026-11-20T09:00:00Z')[0]).toContain('«Тверская, 1»');
  });
});

describe('The greeting', () => {
  const now = '2026-11-20T09:05:00Z';
  const patient = { patronymic: 'Ивановна' };

  it('begins with name and patronymic, and is signed by the head', () => {
    const lines = linesOf('greeting', { patient, branch: { head: { name: 'Дмитрий Орлов' } } }, now);
    expect(lines[0]).toBe('Здравствуйте, Мария Ивановна!');
    expect(lines.at(-1)).toBe('Дмитрий Орлов');
  });

  it('puts that line in front of the own text too', () => {
    const settings = { greeting: { texts: { ru: 'Рады вам.' } } };
    expect(linesOf('greeting', { patient, settings }, now)).toEqual(['Здравствуйте, Мария Ивановна!', '', 'Рады вам.']);
  });
});

describe('The recommendations', () => {
  it('before: the general text, then that of each service that has one', () => {
    const settings = { recommendationsBefore: { generalText: 'Возьмите паспорт, {{patient.firstName}}.' } };
    const services = [{ recommendationsBefore: 'Не ешьте.' }, { name: 'Осмотр' }];
    const { text } = said('recommendationsBefore', { settings, services }, '2026-11-23T13:00:00Z');
    expect(text).toBe(
      'Мария, завтра в 10:00 вас ждёт Лебедева Анна Сергеевна. Как подготовиться:\n\nВозьмите паспорт, Мария.\n\nЧистка зубов\nНе ешьте.',
    );
  });

  it('after: those of the services that have one', () => {
    const services = [{ recommendationsAfter: 'Пейте воду.' }, { name: 'Осмотр' }];
    const { text } = said(
      'recommendationsAfter',
      { services, appointment: { status: 'completed' } },
      '2026-11-24T07:35:00Z',
    );
    expect(text.split('\n\n').slice(1)).toEqual(['Чистка зубов\nПейте воду.']);
  });
});

describe('A message for several visits of a day', () => {
  const second = visitFacts({
    appointment: { id: 'second', start: new Date('2026-11-24T09:00:00Z'), end: new Date('2026-11-24T09:30:00Z') },
    doctor: { name: 'Ким О. П.' },
  });

  it('names each visit', () => {
    const { text, opening } = said('confirmation', {}, DUE, { also: [second] });
    expect(text).toBe(
      'Мария, на 24 ноября 2026 записано несколько приёмов. Вы придёте?\n\n10:00, Лебедева Анна Сергеевна\n\n12:00, Ким О. П.',
    );
    expect(opening).toMatchObject({ id: 'confirmation.visit.0', context: { appointments: ['visit', 'second'] } });
  });

  it('names each patient where there are several', () => {
    const son = { ...second, patient: { ...second.patient, id: 'petya', firstName: 'Пётр' } };
    const { text } = said('reminder', {}, '2026-11-24T05:00:00Z', { also: [son] });
    expect(text.split('\n\n')).toEqual([
      'Мария, ждём вас 24 ноября 2026:',
      '10:00, Мария Орлова, врач Лебедева Анна Сергеевна',
      '12:00, Пётр Орлова, врач Ким О. П.',
    ]);
  });

  it('lets an own text stand for the first visit, and the others follow', () => {
    const settings = { confirmation: { texts: { ru: 'Ждём в {{appointment.start}}?' } } };
    const { text } = said('confirmation', { settings }, DUE, { also: [second] });
    expect(text).toBe('Ждём в 10:00?\n\n12:00, Ким О. П.');
  });
});

describe('The questions', () => {
  it('confirmation offers confirm, reschedule and cancel until the visit starts', () => {
    expect(choicesOf('confirmation', {})).toEqual(['confirm', 'reschedule', 'cancel']);
    expect(said('confirmation', {}).opening?.expiresAt).toEqual(new Date('2026-11-24T07:00:00Z'));
  });

  it('survey offers 1 to 5 and says how long answers count', () => {
    const done: Differences = { appointment: { status: 'completed' } };
    const now = '2026-11-24T10:30:00Z';
    expect(choicesOf('survey', done, now)).toEqual(['1', '2', '3', '4', '5']);
    expect(linesOf('survey', done, now)[0]).toContain('Ответ принимаем в течение 24 часов.');
    const hour = { ...done, settings: { survey: { expiresHours: 1 } }, patient: { locale: 'en' } } as const;
    expect(linesOf('survey', hour, now)[0]).toContain('Answers count for 1 hour.');
    expect(said('survey', hour, now).opening?.expiresAt).toEqual(new Date('2026-11-24T11:30:00Z'));
  });

  it('survey hands on who is alerted: the settings replace the head, one by one', () => {
    const branch = { head: { email: 'head@clinic.example', telegram: '500' } };
    const settings = { survey: { alertTo: { email: 'quality@clinic.example' }, sites: ['google'] } };
    const { opening } = said(
      'survey',
      {
        appointment: { status: 'completed' },
        branch: { ...branch, reviewSites: [{ site: 'google', url: 'https://g.example' }] },
        settings,
      },
      '2026-11-24T10:30:00Z',
    );
    expect(opening?.context).toMatchObject({
      alertTo: { email: 'quality@clinic.example', telegram: '500' },
      sites: [{ site: 'google', url: 'https://g.example' }],
    });
  });

  it('details and reminder ask nothing', () => {
    expect(said('details', {}, '2026-11-20T09:00:00Z').opening).toBeNull();
    expect(said('reminder', {}, '2026-11-24T05:00:00Z').opening).toBeNull();
  });
});

describe('A return', () => {
  const slot = (id: string, start: string, more = {}) => ({
    id,
    branch: 'north',
    doctor: 'lebedeva',
    start: new Date(start),
    end: new Date(new Date(start).getTime() + 1_800_000),
    ...more,
  });
  const missed: Differences = {
    appointment: { status: 'noShow', statusAt: new Date('2026-11-24T08:00:00Z') },
    branch: { slotsGivenAt: new Date('2026-01-01T00:00:00Z') },
  };
  const now = '2026-11-25T07:00:00Z';

  it('offers the days on which the same doctor has a slot that is long enough', () => {
    const slots = [
      slot('past', '2026-11-25T06:00:00Z'),
      slot('a', '2026-11-26T07:00:00Z'),
      slot('b', '2026-11-26T09:00:00Z'),
      slot('short', '2026-11-27T07:00:00Z', { end: new Date('2026-11-27T07:15:00Z') }),
      slot('other', '2026-11-28T07:00:00Z', { doctor: 'kim' }),
      slot('c', '2026-11-30T07:00:00Z'),
    ];
    expect(choicesOf('returnAfterNoShow', { ...missed, slots }, now)).toEqual([
      'day:2026-11-26',
      'day:2026-11-30',
      'otherDay',
      'noThanks',
    ]);
    expect(said('returnAfterNoShow', { ...missed, slots }, now).opening).toEqual({
      id: 'returnAfterNoShow.visit.0',
      machine: 'rebooking',
      expiresAt: new Date('2026-11-26T07:00:00Z'),
      context: {
        mode: 'new',
        appointment: 'visit',
        doctor: 'lebedeva',
        services: ['cleaning'],
        days: ['2026-11-26', '2026-11-30'],
        discount: null,
      },
    });
  });

  it('offers other doctors for the service where the same one has no slot', () => {
    const slots = [slot('other', '2026-11-28T07:00:00Z', { doctor: 'kim', services: ['cleaning'] })];
    expect(choicesOf('returnAfterNoShow', { ...missed, slots }, now)[0]).toBe('day:2026-11-28');
  });

  it('gives the booking link where no slot is free, or a call', () => {
    const branch = { bookingUrl: 'https://book.example/north' };
    const { text } = said('returnAfterNoShow', { ...missed, branch }, now);
    expect(text.split('\n\n').at(-1)).toBe('Записаться: https://book.example/north');
    expect(choicesOf('returnAfterNoShow', { ...missed, branch }, now)).toEqual(['callMe', 'noThanks']);
    expect(choicesOf('returnAfterNoShow', missed, now)).toEqual(['callMe', 'noThanks']);
  });

  it('carries the link over SMS and e-mail, also when slots are free', () => {
    const sms: Differences = {
      ...missed,
      branch: { bookingUrl: 'https://book.example/north' },
      slots: [slot('a', '2026-11-26T07:00:00Z')],
      patient: { channel: 'sms' },
      settings: { returnAfterNoShow: { channels: ['sms'] } },
    };
    expect(said('returnAfterNoShow', sms, now).text).toContain('https://book.example/north');
    expect(choicesOf('returnAfterNoShow', sms, now)).toEqual(['callMe', 'noThanks']);
  });
});

describe('Placeholders', () => {
  it('all have a value for a visit', () => {
    const facts = visitFacts({ appointment: { notes: 'note', group: 'group' }, branch: { phone: '+74951112233' } });
    const values = visitValues(facts, 'en');
    expect(PLACEHOLDERS.filter((name) => !(name in values))).toEqual([]);
    expect(values).toMatchObject({
      'appointment.date': '24/11/2026',
      'appointment.dayMonth': '24/11',
      'appointment.longDate': '24 November 2026',
      'appointment.month': 'November',
      'appointment.weekday': 'Tuesday',
      'appointment.dayNumber': '24',
      'appointment.start': '10:00',
      'appointment.end': '10:30',
      'service.duration': 30,
      'patient.phone': '+79161234567',
      'branch.phone': '+74951112233',
    });
  });

  it('give prices in the branch’s currency and the patient’s way of writing', () => {
    const price = visitValues(visitFacts({ services: [{ price: 150_050 }] }), 'en')['service.price'];
    expect(String(price).replace(/\s/g, ' ')).toBe('RUB 1,500.50');
  });

  it('are taken by number too: `[TRD3]` and `TRD3`', () => {
    expect(nameNumbered('[TRD3], ждём TRD8 в {{TRD9}}. TRD99')).toBe(
      '{{patient.firstName}}, ждём {{appointment.date}} в {{appointment.start}}. TRD99',
    );
  });

  it('that nobody knows are found, with the nearest known name', () => {
    expect(unknownPlaceholders('Hi {{patient.fistName}}')).toEqual([
      { name: 'patient.fistName', nearest: 'patient.firstName' },
    ]);
    expect(unknownPlaceholders('[TRD99]')).toEqual([{ name: 'TRD99', nearest: 'TRD9' }]);
    expect(unknownPlaceholders('{{constructor}}')).toHaveLength(1);
    expect(unknownPlaceholders('{{#each x}} ${7*7} <%= {{patient.firstName}}')).toEqual([]);
  });
});
