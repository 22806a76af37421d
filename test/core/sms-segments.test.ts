import { describe, expect, it } from '@jest/globals';
import { smsSegments } from '../../src/core/sms-segments.ts';

describe('An SMS', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['я'.repeat(70), 1],
    ['я'.repeat(71), 2],
    ['я'.repeat(134), 2],
    ['я'.repeat(135), 3],
    ['à'.repeat(160), 1],
    [`${'a'.repeat(159)}€`, 2],
    [`${'a'.repeat(158)}€`, 1],
    ['', 1],
  ])('of the length of %j has so many segments', (text, segments) => {
    expect(smsSegments(text)).toBe(segments);
  });
});
