import type { CallFailure } from './call-failure.ts';

const REFUSED_MS = 300_000;
const CONFLICT_MS = 60_000;
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** Why the channel is down, and how long to wait before Telegram is asked again. */
export interface Wait {
  readonly detail: 'unauthorized' | 'conflict' | 'rateLimited' | 'refused' | 'unreachable';
  readonly ms: number;
}

/**
 * A revoked token or a refused webhook is tried every five minutes, a second poller every minute, an asked-for silence is kept
 * to the millisecond, and a broken line is tried after 1, 2, 4 … 60 s, each shortened by up to a half by `chance`, so that instances do not come back together.
 */
export function waitAfter(failure: CallFailure, failures: number, chance: number): Wait {
  switch (failure.kind) {
    case 'limited':
      return { detail: 'rateLimited', ms: failure.afterMs };
    case 'unauthorized':
      return { detail: 'unauthorized', ms: REFUSED_MS };
    case 'conflict':
      return { detail: 'conflict', ms: CONFLICT_MS };
    case 'closed':
    case 'moved':
    case 'topicGone':
    case 'rejected':
      return { detail: 'refused', ms: REFUSED_MS };
    case 'notSent':
    case 'unknown':
      return { detail: 'unreachable', ms: Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (1 - chance / 2) };
    default:
      return failure satisfies never;
  }
}
