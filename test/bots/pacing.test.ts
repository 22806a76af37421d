import { describe, expect, it } from '@jest/globals';
import { createPacing } from '../../src/bots/pacing.ts';
import { fakeClock } from '../support/fake-clock.ts';

const start = '2026-03-02T09:00:00Z';
const up = { state: 'up', since: new Date(start) } as const;

describe('Pacing', () => {
  it('leaves a channel alone until the end of its retry_after and not a moment longer', () => {
    const clock = fakeClock(start);
    const pacing = createPacing({ clock });
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-02T09:00:59.999Z');
    expect(pacing.limitedUntil('telegram')).toEqual(new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-02T09:01:00Z');
    expect(pacing.limitedUntil('telegram')).toBeNull();
  });

  it('keeps the longer of two pauses', () => {
    const pacing = createPacing({ clock: fakeClock(start) });
    pacing.limit('telegram', new Date('2026-03-02T10:00:00Z'));
    pacing.limit('telegram', new Date('2026-03-02T09:00:01Z'));
    expect(pacing.limitedUntil('telegram')).toEqual(new Date('2026-03-02T10:00:00Z'));
  });

  it('forgets a limit that lies ahead of a clock that went back', () => {
    const clock = fakeClock(start);
    const pacing = createPacing({ clock });
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-01T09:00:00Z');
    expect(pacing.limitedUntil('telegram')).toBeNull();
  });

  it('holds no other channel back', () => {
    const pacing = createPacing({ clock: fakeClock(start) });
    pacing.limit('telegram', new Date('2026-03-02T10:00:00Z'));
    expect(pacing.limitedUntil('whatsapp')).toBeNull();
  });

  it('shows a channel that is up as limited, and says until when', () => {
    const clock = fakeClock(start);
    const pacing = createPacing({ clock });
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    expect(pacing.over('telegram', up)).toEqual({
      state: 'limited',
      since: new Date(start),
      limitedUntil: new Date('2026-03-02T09:01:00Z'),
    });
    expect(pacing.over('telegram', { ...up, state: 'down' })).toEqual({ ...up, state: 'down' });
    clock.set('2026-03-02T09:01:00Z');
    expect(pacing.over('telegram', up)).toEqual(up);
  });
});
