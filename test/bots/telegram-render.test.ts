import { describe, expect, it } from '@jest/globals';
import { renderMessage, topicName } from '../../src/bots/telegram/render.ts';
import type { RenderedChoice } from '../../src/core/content.ts';

const ID = '01jqzabcdefghjkmnpqrstvwxy';
const words = (text: string, choices: readonly RenderedChoice[] = []) => ({
  key: 'scenarios.details',
  locale: 'ru' as const,
  text,
  choices,
});
const render = (text: string, choices: readonly RenderedChoice[] = [], shown = false) =>
  renderMessage({ messageId: ID, text: words(text, choices) }, shown);
const titled = (...titles: string[]) => titles.map((title, at) => ({ id: `c${at}`, title }));
const titlesOf = (choices: readonly RenderedChoice[]): readonly (readonly string[])[] => {
  const { markup } = render('?', choices);
  if (markup === null || !('inline_keyboard' in markup)) throw new Error('No buttons.');
  return markup.inline_keyboard.map((row) => row.map(({ text }) => text));
};

describe('A message for Telegram', () => {
  it('is plain text: signs in a name stay what they are', () => {
    const name = 'Здравствуйте, *bold*_ <b>[x](javascript:)</b> {{phone}}!';
    expect(render(name)).toEqual({ text: name, markup: null, keyboard: 'kept' });
  });

  it('carries message and place in a button, in at most 64 bytes', () => {
    const { markup } = render('?', titled('Да', 'Нет'));
    expect(markup).toEqual({
      inline_keyboard: [
        [
          { text: 'Да', callback_data: `${ID}.0` },
          { text: 'Нет', callback_data: `${ID}.1` },
        ],
      ],
    });
    expect(Buffer.byteLength(`${ID}.99`)).toBeLessThanOrEqual(64);
  });

  it('puts short buttons side by side and long ones below each other', () => {
    expect(titlesOf(titled('1', '2', '3', '4', '5'))).toEqual([['1', '2', '3', '4', '5']]);
    expect(titlesOf(titled('09:00', '09:30', '10:00', '10:30', '11:00', 'Позже'))).toEqual([
      ['09:00', '09:30', '10:00', '10:30'],
      ['11:00', 'Позже'],
    ]);
    expect(titlesOf(titled('Подтвердить запись', 'Перенести запись', 'Отменить запись'))).toEqual([
      ['Подтвердить запись'],
      ['Перенести запись'],
      ['Отменить запись'],
    ]);
  });

  it('has 100 buttons at most; more choices are numbered lines', () => {
    const choices = titled(...Array.from({ length: 101 }, (_, at) => `choice ${at + 1}`));
    expect(titlesOf(choices.slice(0, 100)).flat()).toHaveLength(100);
    const { text, markup } = render('Which?', choices);
    expect(markup).toBeNull();
    expect(text).toMatch(/^Which\?\n\n1 – choice 1\n/);
    expect(text).toMatch(/\n101 – choice 101$/);
  });

  it('asks for the contact with the keyboard under the chat, where the other choices go as words', () => {
    const choices = [
      { id: 'share', title: 'Поделиться номером', asks: 'contact' as const },
      { id: 'no', title: 'Нет' },
    ];
    expect(render('Ваш номер?', choices)).toEqual({
      text: 'Ваш номер?',
      markup: {
        keyboard: [[{ text: 'Поделиться номером', request_contact: true }], [{ text: 'Нет' }]],
        one_time_keyboard: true,
        resize_keyboard: true,
      },
      keyboard: 'shown',
    });
  });

  it('takes that keyboard away with the next message that has no buttons of its own', () => {
    expect(render('Спасибо', [], true)).toEqual({
      text: 'Спасибо',
      markup: { remove_keyboard: true },
      keyboard: 'taken',
    });
    expect(render('?', titled('Да'), true).keyboard).toBe('kept');
  });

  it('is cut at 4096 units between two graphemes', () => {
    const family = '👨‍👩‍👧';
    const { text } = render(`${'a'.repeat(4090)}${family}${family}`);
    expect(text).toBe(`${'a'.repeat(4090)}…`);
    expect(render('b'.repeat(4096)).text).toHaveLength(4096);
  });

  it('keeps every numbered choice when its text has to be cut', () => {
    const choices = titled(...Array.from({ length: 101 }, (_, at) => `c${at + 1}`));
    const { text } = render('ю'.repeat(5000), choices);
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/ю…\n\n1 – c1\n/);
    expect(text).toMatch(/\n101 – c101$/);
  });
});

describe('The topic of a patient', () => {
  it('is named after the first line, cut to what Telegram takes', () => {
    expect(topicName(words('Мария П. ждёт ответа\nПодробности'), 'p-1')).toBe('Мария П. ждёт ответа');
    expect(topicName(words('я'.repeat(200)), 'p-1')).toBe(`${'я'.repeat(127)}…`);
    expect(topicName(words(' \n'), 'p-1')).toBe('p-1');
  });
});
