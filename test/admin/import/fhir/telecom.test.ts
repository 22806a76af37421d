import { describe, expect, it } from '@jest/globals';
import { emailOf, phonesOf } from '../../../../src/admin/import/fhir/telecom.ts';

const now = new Date('2026-11-23T05:00:00Z');
const phone = (value: string, more: object = {}): object => ({ system: 'phone', value, ...more });

describe('Telephone numbers', () => {
  it.each([
    [
      'mobile before home whatever its rank',
      [phone('1', { use: 'home', rank: 1 }), phone('2', { use: 'mobile', rank: 2 })],
      ['2', '1'],
    ],
    [
      'mobile ones by rank',
      [phone('1', { use: 'mobile', rank: 2 }), phone('2', { use: 'mobile', rank: 1 })],
      ['2', '1'],
    ],
    ['ranked before unranked', [phone('1', { use: 'home' }), phone('2', { use: 'work', rank: 3 })], ['2', '1']],
    [
      'home before none before work',
      [phone('1', { use: 'work' }), phone('2'), phone('3', { use: 'home' })],
      ['3', '2', '1'],
    ],
    ['sms as mobile', [phone('1'), { system: 'sms', value: '2' }], ['2', '1']],
    ['without a tel: before it', [phone('tel:+39 320')], ['+39 320']],
    ['each once', [phone('1'), phone('1', { use: 'mobile' })], ['1']],
    ['old ones never', [phone('1', { use: 'old' })], []],
    [
      'over ones never',
      [phone('1', { period: { end: '2026-11-22' } }), phone('2', { period: { end: '2026-11-23' } })],
      ['2'],
    ],
    ['not before their time', [phone('1', { period: { start: '2027' } })], []],
    [
      'no faxes, mails or empty ones',
      [{ system: 'fax', value: '1' }, { system: 'email', value: 'a@b.example' }, phone(' ')],
      [],
    ],
  ])('come in the order in which they are tried: %s', (_what, telecom, expected) => {
    expect(phonesOf(telecom, now).map(({ value }) => value)).toEqual(expected);
  });

  it('remember where they stand', () => {
    expect(phonesOf([phone('1', { use: 'work' }), phone('2', { use: 'mobile' })], now)).toEqual([
      { value: '2', index: 1 },
      { value: '1', index: 0 },
    ]);
  });
});

describe('A mail address', () => {
  it('is the one of the best rank that holds', () => {
    const telecom = [
      { system: 'email', value: 'old@a.example', rank: 1, use: 'old' },
      { system: 'email', value: 'b@a.example' },
      { system: 'email', value: 'mailto:c@a.example', rank: 2 },
    ];
    expect(emailOf(telecom, now)).toEqual({ value: 'c@a.example', index: 2 });
    expect(emailOf([], now)).toBeNull();
  });
});
