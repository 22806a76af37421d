import { createHash, randomBytes } from 'node:crypto';
import type { Clock, NewId, WallClock } from './core/clock.ts';

/** The real clock; everything else gets its time through the `Clock` port. */
export const systemClock: Clock = { now: () => new Date() };

/** Real milliseconds, for leases and timeouts only. */
export const wallClock: WallClock = { nowMs: () => Date.now() };

/** Milliseconds from any moment on, which no correction of the clock turns back: for how long something took. */
export const monotonicMs = (): number => performance.now();

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids of 26 characters that sort by the time of their making, also within one millisecond of one process. */
export function createNewId(): NewId {
  let lastMs = 0;
  let count = 0;
  return () => {
    const nowMs = Math.max(Date.now(), lastMs);
    count = nowMs === lastMs ? count + 1 : 0;
    lastMs = nowMs;
    return base32(nowMs, 10) + base32(count, 4) + [...randomBytes(12)].map((byte) => ALPHABET[byte % 32]).join('');
  };
}

function base32(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = `${ALPHABET[rest % 32] ?? ''}${text}`;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** A number from 0 up to, not including, 1: for jitter only, never for secrets. */
export const chance = (): number => Math.random();

/** A one-time token of 160 bits for links; only its hash is stored. */
export function newToken(): string {
  return randomBytes(20).toString('base64url');
}

/** SHA-256 in hex; enough for tokens of 128 bits and more (spec: reliability.md B6, ASVS 6.5.2). */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Real time until it is told which clock to follow: the stores are opened before the demo's clock, which is kept in them, is known. */
export function createLateClock(): Clock & { follow(clock: Clock): void } {
  let current = systemClock;
  return {
    now: () => current.now(),
    follow: (clock) => {
      current = clock;
    },
  };
}

/** Resolves after so many milliseconds of real time. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** Ticks until the returned function is called. */
export function every(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}
