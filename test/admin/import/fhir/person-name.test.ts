import { describe, expect, it } from '@jest/globals';
import { displayName, personName } from '../../../../src/admin/import/fhir/person-name.ts';

const now = new Date('2026-11-23T05:00:00Z');

describe("A person's name", () => {
  it.each([
    [
      'official before usual',
      [
        { use: 'usual', family: 'B', given: ['b'] },
        { use: 'official', family: 'A', given: ['a'] },
      ],
      { lastName: 'A', firstName: 'a' },
    ],
    [
      'not the one of before',
      [
        { use: 'old', family: 'A', given: ['a'] },
        { use: 'nickname', family: 'B', given: ['b'] },
      ],
      { lastName: 'B', firstName: 'b' },
    ],
    [
      'not one whose period is over',
      [
        { use: 'official', family: 'A', given: ['a'], period: { end: '2020' } },
        { family: 'B', given: ['b'] },
      ],
      { lastName: 'B', firstName: 'b' },
    ],
    [
      'one whose period ends this year',
      [{ family: 'A', given: ['a'], period: { end: '2026' } }],
      { lastName: 'A', firstName: 'a' },
    ],
    [
      'an old one where there is no other',
      [{ use: 'old', family: 'A', given: ['a'] }],
      { lastName: 'A', firstName: 'a' },
    ],
    [
      'a patronymic',
      [{ family: 'Соколова', given: ['Мария', 'Ивановна'] }],
      { lastName: 'Соколова', firstName: 'Мария', patronymic: 'Ивановна' },
    ],
    [
      'no patronymic in a second given name',
      [{ family: 'Baker', given: ['Emily', 'Rose'] }],
      { lastName: 'Baker', firstName: 'Emily' },
    ],
    ['text, family first', [{ text: 'De Luca, Alice Maria' }], { lastName: 'De Luca', firstName: 'Alice' }],
    ['text, given first', [{ text: 'Alice Maria Conti' }], { lastName: 'Conti', firstName: 'Alice' }],
    ['one word', [{ text: 'Madonna' }], { lastName: 'Madonna' }],
    ['a family name alone', [{ family: 'A' }], { lastName: 'A' }],
    ['breaks in it', [{ family: 'A\nB', given: ['c\td'] }], { lastName: 'A B', firstName: 'c d' }],
    ['nothing', undefined, {}],
    ['another shape', 'Jane', {}],
  ])('is read: %s', (_what, names, expected) => {
    expect(personName(names, now)).toEqual(expected);
  });

  it.each([
    ['its text', [{ text: 'Петров И. Н.', family: 'Петров' }], 'Петров И. Н.'],
    [
      'its parts',
      [{ family: 'Bellini', given: ['Carlo'], prefix: ['Dott.'], suffix: ['PhD'] }],
      'Dott. Carlo Bellini PhD',
    ],
    ['nothing', [], undefined],
  ])('is shown by %s', (_what, names, expected) => {
    expect(displayName(names, now)).toBe(expected);
  });
});
