import { describe, expect, it } from '@jest/globals';
import { withNumberedChoices } from '../../src/core/content.ts';
import { smsSegments } from '../../src/core/sms-segments.ts';
import { smsText } from '../../src/core/sms-text.ts';

const rendered = (text: string, titles: readonly string[] = []) => ({
  key: 'scenarios.confirmation.text',
  locale: 'en' as const,
  text,
  choices: titles.map((title, place) => ({ id: `c${place}`, title })),
});

describe('The text of an SMS', () => {
  it('has its choices as numbered lines', () => {
    expect(smsText(rendered('Will you come?', ['Yes', 'No']))).toBe('Will you come?\n\n1 - Yes\n2 - No');
  });

  it.each([
    ['“Hill” – it’s at 10…', '"Hill" - it\'s at 10...'],
    ['La Sua visita è alle 10\u00a0– «Hill»', 'La Sua visita è alle 10 - "Hill"'],
    ['Ждём вас – «Холм»…', 'Ждём вас – «Холм»…'],
    ['See you – 👍', 'See you – 👍'],
  ])('%s has plain signs where the fine ones alone would make it dearer', (fine, plain) => {
    expect(smsText(rendered(fine))).toBe(plain);
  });

  it('of the English question with its choices is one segment', () => {
    const whole = rendered('Jane, we expect you on Monday at 10:00. Will you come?', [
      'Confirm',
      'Reschedule',
      'Cancel',
    ]);
    expect(smsSegments(withNumberedChoices(whole))).toBe(2);
    expect(smsSegments(smsText(whole))).toBe(1);
  });

  it('of 1600 characters stays whole', () => {
    expect(smsText(rendered('a'.repeat(1600)))).toBe('a'.repeat(1600));
  });

  it('that is longer loses words, not choices', () => {
    const text = smsText(rendered('a'.repeat(4096), ['Yes', 'No']));
    expect(text).toBe(`${'a'.repeat(1581)}...\n\n1 - Yes\n2 - No`);
    expect(text).toHaveLength(1600);
  });

  it('is cut between two graphemes', () => {
    const family = '👨‍👩‍👧‍👦';
    const text = smsText(rendered(family.repeat(200)));
    expect(text).toBe(`${family.repeat(145)}...`);
  });

  it('whose choices alone are too long is cut at its end', () => {
    const text = smsText(rendered('Which?', Array(200).fill('a long title')));
    expect(text).toHaveLength(1600);
    expect(text.startsWith('Which?\n\n1 - a long title\n2 -')).toBe(true);
    expect(text.endsWith('...')).toBe(true);
  });
});
