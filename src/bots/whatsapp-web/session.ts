import { MINUTE_MS } from '../../core/clock.ts';

/** How the linked device is, and how long that may last. Times are real milliseconds. */
export type Session =
  | { readonly at: 'off' }
  /** The browser is being started and the page loaded; nothing was heard of it yet. */
  | { readonly at: 'opening'; readonly untilMs: number; readonly failures: number }
  /** Somebody has to scan the code, or type it in on the phone. */
  | { readonly at: 'linking'; readonly code: string; readonly untilMs: number; readonly failures: number }
  /** Linked, and the messages come over; nothing can be sent yet. */
  | { readonly at: 'syncing'; readonly untilMs: number; readonly failures: number; readonly linked: boolean }
  | {
      readonly at: 'ready';
      readonly sinceMs: number;
      readonly failures: number;
      /** Whether WhatsApp can be reached, as far as the page knows. */
      readonly online: boolean;
      readonly offlineSinceMs: number;
      /** How many questions in a row the page left without an answer. */
      readonly unanswered: number;
    }
  /** Something failed; it is tried again. */
  | { readonly at: 'waiting'; readonly why: Trouble; readonly untilMs: number; readonly failures: number }
  /** Only a person can mend it: nothing is tried until the channel is started again. */
  | { readonly at: 'closed'; readonly why: Ending };

/** What passes when it is tried again. */
type Trouble = 'browserFailed' | 'noAnswer' | 'notSynced' | 'noNetwork' | 'outdated' | 'inUse';
/** What does not. */
type Ending = 'loggedOut' | 'openedElsewhere' | 'banned' | 'blocked' | 'notLinked';

/** What the page, the browser, the clock and the service tell. `polled`: the page's state, null when it did not answer. */
export type SessionEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'progress' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'reloaded' }
  | { readonly kind: 'disconnected'; readonly state: string }
  | { readonly kind: 'failed'; readonly why: Trouble }
  | { readonly kind: 'polled'; readonly state: string | null }
  | { readonly kind: 'tick' };

/**
 * `open`: start the browser; `close`: end it for sure; `forget`: remove the session's files; `refresh`: ask the page for a new
 * code; `ready`: look for what came meanwhile, `linked` when a person has just linked the phone.
 */
export type SessionAction =
  | { readonly do: 'open' | 'close' | 'forget' | 'refresh' }
  | { readonly do: 'ready'; readonly linked: boolean };

export interface SessionStep {
  readonly session: Session;
  readonly actions: readonly SessionAction[];
}

/** The first wait for a sign of the page, and for `ready` after `authenticated`; after failures they are longer. */
const SIGN_MS = MINUTE_MS;
const LONGEST_SIGN_MS = 5 * MINUTE_MS;
/** The first sync of a device that was just linked brings the history over. */
const FIRST_SYNC_MS = 5 * MINUTE_MS;
const LINKING_MS = 15 * MINUTE_MS;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 10 * MINUTE_MS;
const STEADY_MS = 5 * MINUTE_MS;
const OFFLINE_MS = 10 * MINUTE_MS;
const MOST_UNANSWERED = 5;
/** States of the page in which it connects by itself. */
const CONNECTING = ['OPENING', 'PAIRING', 'TIMEOUT', 'UNLAUNCHED'];

export const SESSION_OFF: Session = { at: 'off' };

/**
 * One step of the session: pure, so that the events that never come are testable without a browser. The library's events come
 * again after each reload of the page, so every one of them may be repeated (spec: issue 4, 2; background/deps.md 2).
 */
export function stepSession(session: Session, event: SessionEvent, nowMs: number): SessionStep {
  if (event.kind === 'stopped') return to(SESSION_OFF, session.at === 'off' ? [] : ['close']);
  if (event.kind === 'started')
    return session.at === 'off' || session.at === 'closed' ? to(opening(0, nowMs), ['open']) : to(session);
  if (session.at === 'off' || session.at === 'closed') return to(session);
  if (session.at === 'waiting')
    return event.kind === 'tick' && isDue(session.untilMs, nowMs)
      ? to(opening(session.failures, nowMs), ['open'])
      : to(session);

  switch (event.kind) {
    case 'code': {
      const untilMs = session.at === 'linking' ? session.untilMs : nowMs + LINKING_MS;
      return to({ at: 'linking', code: event.code, untilMs, failures: session.failures });
    }
    case 'progress':
      return session.at === 'opening' || session.at === 'syncing'
        ? to({ ...session, untilMs: Math.max(session.untilMs, nowMs + SIGN_MS) })
        : to(session);
    case 'authenticated':
      return session.at === 'ready' ? to(session) : to(syncing(session, nowMs));
    case 'reloaded':
      return session.at === 'ready' ? to(syncing(session, nowMs)) : to(session);
    case 'ready':
      return becomeReady(session, nowMs);
    case 'disconnected':
      return leave(session, event.state, nowMs);
    case 'failed':
      return fail(session, event.why, nowMs);
    case 'polled':
      return polled(session, event.state, nowMs);
    case 'tick':
      return watch(session, nowMs);
    default:
      return event satisfies never;
  }
}

type Open = Extract<Session, { at: 'opening' | 'linking' | 'syncing' | 'ready' }>;

function becomeReady(session: Open, nowMs: number): SessionStep {
  if (session.at === 'ready') return to(session, [{ do: 'ready', linked: false }]);
  const linked = session.at === 'linking' || (session.at === 'syncing' && session.linked);
  const ready = {
    at: 'ready',
    sinceMs: nowMs,
    failures: session.failures,
    online: true,
    offlineSinceMs: nowMs,
  } as const;
  return to({ ...ready, unanswered: 0 }, [{ do: 'ready', linked }]);
}

function polled(session: Open, state: string | null, nowMs: number): SessionStep {
  if (session.at === 'linking') {
    if (state === 'UNPAIRED_IDLE') return to(session, ['refresh']);
    return state === 'CONNECTED' ? to(syncing(session, nowMs)) : to(session);
  }
  if (session.at === 'opening') return state === 'CONNECTED' ? to(syncing(session, nowMs)) : to(session);
  if (session.at === 'syncing') return to(session);
  if (state === 'CONNECTED') return to({ ...session, online: true, offlineSinceMs: nowMs, unanswered: 0 });
  if (state === null) {
    const unanswered = session.unanswered + 1;
    return unanswered >= MOST_UNANSWERED
      ? fail(session, 'noAnswer', nowMs)
      : to({ ...session, online: session.online && unanswered < 2, unanswered });
  }
  if (!CONNECTING.includes(state)) return leave(session, state, nowMs);
  if (!session.online && nowMs - session.offlineSinceMs >= OFFLINE_MS) return fail(session, 'noNetwork', nowMs);
  return to({
    ...session,
    online: false,
    unanswered: 0,
    offlineSinceMs: session.online ? nowMs : session.offlineSinceMs,
  });
}

function watch(session: Open, nowMs: number): SessionStep {
  if (session.at === 'ready' || !isDue(session.untilMs, nowMs)) return to(session);
  switch (session.at) {
    case 'opening':
      return fail(session, 'noAnswer', nowMs);
    case 'syncing':
      return fail(session, 'notSynced', nowMs);
    case 'linking':
      return to({ at: 'closed', why: 'notLinked' }, ['close']);
    default:
      return session satisfies never;
  }
}

/** The page has left the account, or the account the page: most of that only a person can mend (spec: reliability.md B4, 33). */
function leave(session: Open, state: string, nowMs: number): SessionStep {
  switch (state) {
    case 'CONFLICT':
      return to({ at: 'closed', why: 'openedElsewhere' }, ['close']);
    case 'TOS_BLOCK':
    case 'SMB_TOS_BLOCK':
      return to({ at: 'closed', why: 'banned' }, ['close']);
    case 'PROXYBLOCK':
      return to({ at: 'closed', why: 'blocked' }, ['close']);
    case 'DEPRECATED_VERSION':
      return fail(session, 'outdated', nowMs);
    default:
      return to({ at: 'closed', why: 'loggedOut' }, ['close', 'forget']);
  }
}

function fail(session: Open, why: Trouble, nowMs: number): SessionStep {
  const steady = session.at === 'ready' && nowMs - session.sinceMs >= STEADY_MS;
  const failures = (steady ? 0 : session.failures) + 1;
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  return to({ at: 'waiting', why, untilMs: nowMs + waitMs, failures }, ['close']);
}

/** A moment further ahead than any deadline of ours means that the machine's clock went back. */
function isDue(untilMs: number, nowMs: number): boolean {
  return nowMs >= untilMs || untilMs - nowMs > LINKING_MS;
}

function opening(failures: number, nowMs: number): Session {
  return { at: 'opening', untilMs: nowMs + Math.min(SIGN_MS * (1 + failures), LONGEST_SIGN_MS), failures };
}

function syncing(session: Open, nowMs: number): Session {
  if (session.at === 'syncing') return session;
  const linked = session.at === 'linking';
  const ms = linked ? FIRST_SYNC_MS : Math.min(SIGN_MS * (1 + session.failures), LONGEST_SIGN_MS);
  return { at: 'syncing', untilMs: nowMs + ms, failures: session.failures, linked };
}

function to(
  session: Session,
  actions: readonly (SessionAction | Exclude<SessionAction['do'], 'ready'>)[] = [],
): SessionStep {
  return { session, actions: actions.map((one) => (typeof one === 'string' ? { do: one } : one)) };
}
