import { describe, expect, it } from '@jest/globals';
import { cleanInbound } from '../../src/bots/inbound/clean-inbound.ts';
import type { InboundBody, InboundMessage } from '../../src/core/inbound.ts';

const message = (body: InboundBody): InboundMessage => ({
  id: 'm1',
  from: { channel: 'telegram', address: '700' },
  at: new Date('2026-03-02T09:00:00Z'),
  body,
});
const textOf = (text: string): string => {
  const { body } = cleanInbound(message({ kind: 'text', text }));
  return body.kind === 'text' ? body.text : '';
};

describe('An inbound message before it is stored', () => {
  it('keeps an ordinary text as it is', () => {
    expect(textOf('Да, приду 👍🏽 <b>{{phone}}</b>')).toBe('Да, приду 👍🏽 <b>{{phone}}</b>');
  });

  it('loses its NULs', () => {
    expect(textOf('ye\u0000s')).toBe('yes');
  });

  it('gets a replacement character for half a character', () => {
    expect(textOf('yes \ud83d!')).toBe('yes \uFFFD!');
  });

  it('is cut at 4096 where it is 64 KiB long', () => {
    expect(textOf('a'.repeat(65_536))).toBe('a'.repeat(4096));
  });

  it('is never cut within what a reader sees as one character', () => {
    const family = '👨‍👩‍👧‍👦';
    const text = textOf(`a${family.repeat(1000)}`);
    expect(text).toBe(`a${family.repeat(372)}`);
    expect(text.length).toBe(4093);
  });

  it('keeps a quote, and the other kinds', () => {
    expect(cleanInbound(message({ kind: 'text', text: 'a\u0000', quote: 'q' })).body).toEqual({
      kind: 'text',
      text: 'a',
      quote: 'q',
    });
    expect(cleanInbound(message({ kind: 'media', media: 'voice' })).body).toEqual({ kind: 'media', media: 'voice' });
    expect(cleanInbound(message({ kind: 'choice', choice: 'con\u0000firm', message: 'x' })).body).toEqual({
      kind: 'choice',
      choice: 'confirm',
      message: 'x',
    });
    expect(cleanInbound(message({ kind: 'contact', phone: '+39\u000033', own: true })).body).toEqual({
      kind: 'contact',
      phone: '+3933',
      own: true,
    });
  });
});
