import { describe, expect, it } from '@jest/globals';
import { createLoopLag } from '../../src/admin/loop-lag.ts';

/** A loop whose timer comes `lateMs` after its half second. */
function setUp() {
  let nowMs = 1_000;
  let tick: () => void = () => undefined;
  let stopped = false;
  const lag = createLoopLag({
    every: (ms, run) => {
      expect(ms).toBe(500);
      tick = run;
      return () => {
        stopped = true;
      };
    },
    monotonicMs: () => nowMs,
  });
  return {
    lag,
    pass: (ms: number) => {
      nowMs += ms;
    },
    sample: (lateMs = 0) => {
      nowMs += 500 + lateMs;
      tick();
    },
    isStopped: () => stopped,
  };
}

describe('The lag of the event loop', () => {
  it('is nothing while its timer comes in time', () => {
    const { lag, sample } = setUp();
    for (let times = 0; times < 10; times += 1) sample();
    expect(lag.worstMs()).toBe(0);
  });

  it('is the worst of the last minute, and forgotten after it', () => {
    const { lag, sample } = setUp();
    sample(10_000.4);
    for (let times = 0; times < 110; times += 1) sample(20);
    expect(lag.worstMs()).toBe(10_000);
    for (let times = 0; times < 10; times += 1) sample(20);
    expect(lag.worstMs()).toBe(20);
  });

  it('counts the block that has just ended, before its timer could tell of it', () => {
    const { lag, pass, sample } = setUp();
    sample();
    pass(10_500);
    expect(lag.worstMs()).toBe(10_000);
  });

  it('is measured no longer once stopped', () => {
    const { lag, isStopped } = setUp();
    lag.stop();
    expect(isStopped()).toBe(true);
  });
});
