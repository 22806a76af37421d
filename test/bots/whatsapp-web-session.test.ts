import { describe, expect, it } from '@jest/globals';
import { SESSION_OFF, type Session, type SessionEvent, stepSession } from '../../src/bots/whatsapp-web/session.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Plays events at their seconds; gives the end and all actions on the way. */
function play(events: readonly (readonly [atMs: number, event: SessionEvent])[], from: Session = SESSION_OFF) {
  let session = from;
  const did: string[] = [];
  for (const [atMs, event] of events) {
    const step = stepSession(session, event, atMs);
    session = step.session;
    did.push(...step.actions.map((action) => (action.do === 'ready' && action.linked ? 'ready linked' : action.do)));
  }
  return { session, did };
}

const START = [0, { kind: 'started' }] as const;
const up = (atMs: number) =>
  [
    [atMs, { kind: 'authenticated' }],
    [atMs + SECOND, { kind: 'ready' }],
  ] as const;

describe('A session of WhatsApp Web', () => {
  it('opens the browser, shows the code, and is ready after the phone has scanned it', () => {
    const { session, did } = play([
      START,
      [SECOND, { kind: 'code', code: 'qr:1' }],
      [20 * SECOND, { kind: 'code', code: 'qr:2' }],
      ...up(30 * SECOND),
    ]);
    expect(session).toMatchObject({ at: 'ready', online: true, failures: 0 });
    expect(did).toEqual(['open', 'ready linked']);
  });

  it('is ready without a code where the device is linked', () => {
    expect(play([START, ...up(SECOND)]).did).toEqual(['open', 'ready']);
  });

  it('takes events that come again after a reload of the page', () => {
    const { session, did } = play([
      START,
      ...up(SECOND),
      [5 * SECOND, { kind: 'reloaded' }],
      ...up(6 * SECOND),
      ...up(8 * SECOND),
    ]);
    expect(session.at).toBe('ready');
    expect(did).toEqual(['open', 'ready', 'ready', 'ready']);
  });

  it('gives a browser up of which nothing is heard for a minute, and tries again in ten seconds', () => {
    const silent = play([START, [59 * SECOND, { kind: 'tick' }]]);
    expect(silent.session.at).toBe('opening');
    const { session, did } = play([[60 * SECOND, { kind: 'tick' }]], silent.session);
    expect(session).toEqual({ at: 'waiting', why: 'noAnswer', untilMs: 70 * SECOND, failures: 1 });
    expect(did).toEqual(['close']);
    expect(play([[69 * SECOND, { kind: 'tick' }]], session).did).toEqual([]);
    expect(play([[70 * SECOND, { kind: 'tick' }]], session)).toMatchObject({
      session: { at: 'opening', failures: 1, untilMs: 190 * SECOND },
      did: ['open'],
    });
  });

  it('gives up a minute after «authenticated» without «ready», but not while the messages come over', () => {
    const synced = play([
      START,
      [SECOND, { kind: 'authenticated' }],
      [50 * SECOND, { kind: 'progress' }],
      [109 * SECOND, { kind: 'tick' }],
    ]);
    expect(synced.session.at).toBe('syncing');
    expect(play([[110 * SECOND, { kind: 'tick' }]], synced.session).session).toMatchObject({
      at: 'waiting',
      why: 'notSynced',
    });
  });

  it('gives the first sync of a phone that was just linked five minutes', () => {
    const linked = play([
      START,
      [SECOND, { kind: 'code', code: 'qr:1' }],
      [10 * SECOND, { kind: 'polled', state: 'CONNECTED' }],
    ]);
    expect(play([[309 * SECOND, { kind: 'tick' }]], linked.session).session.at).toBe('syncing');
    expect(play([[310 * SECOND, { kind: 'tick' }]], linked.session).session.at).toBe('waiting');
  });

  it('waits 10, 20, 40 … seconds between tries, and never longer than ten minutes', () => {
    const waits: number[] = [];
    let { session } = play([START]);
    let nowMs = 0;
    for (let tries = 0; tries < 9; tries += 1) {
      session = play([[nowMs, { kind: 'failed', why: 'browserFailed' }]], session).session;
      if (session.at !== 'waiting') throw new Error('It does not wait.');
      waits.push((session.untilMs - nowMs) / SECOND);
      nowMs = session.untilMs;
      session = play([[nowMs, { kind: 'tick' }]], session).session;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  it('counts its failures anew only after five steady minutes', () => {
    const flapping = play([
      START,
      [1, { kind: 'failed', why: 'browserFailed' }],
      [11 * SECOND, { kind: 'tick' }],
      ...up(12 * SECOND),
    ]);
    const failed = [{ kind: 'failed', why: 'browserFailed' }] as const;
    expect(play([[5 * MINUTE, failed[0]]], flapping.session).session).toMatchObject({ failures: 2 });
    expect(play([[6 * MINUTE, failed[0]]], flapping.session).session).toMatchObject({ failures: 1 });
  });

  it('is not online while WhatsApp cannot be reached, and starts over after ten minutes of that', () => {
    const ready = play([START, ...up(SECOND)]).session;
    const away = play([[MINUTE, { kind: 'polled', state: 'TIMEOUT' }]], ready).session;
    expect(away).toMatchObject({ at: 'ready', online: false });
    expect(play([[2 * MINUTE, { kind: 'polled', state: 'CONNECTED' }]], away).session).toMatchObject({ online: true });
    expect(play([[11 * MINUTE, { kind: 'polled', state: 'OPENING' }]], away).session).toMatchObject({
      at: 'waiting',
      why: 'noNetwork',
    });
  });

  it('is not online after two questions without an answer, and ends the browser after five', () => {
    const unanswered = (count: number): readonly [number, SessionEvent][] =>
      Array.from({ length: count }, (_, at) => [MINUTE + at * 4 * SECOND, { kind: 'polled', state: null }]);
    const ready = play([START, ...up(SECOND)]).session;
    expect(play(unanswered(1), ready).session).toMatchObject({ online: true });
    expect(play(unanswered(2), ready).session).toMatchObject({ online: false });
    expect(play(unanswered(5), ready)).toMatchObject({ session: { at: 'waiting', why: 'noAnswer' }, did: ['close'] });
  });

  it.each([
    ['UNPAIRED', 'loggedOut', ['close', 'forget']],
    ['UNPAIRED_IDLE', 'loggedOut', ['close', 'forget']],
    ['LOGOUT', 'loggedOut', ['close', 'forget']],
    ['CONFLICT', 'openedElsewhere', ['close']],
    ['TOS_BLOCK', 'banned', ['close']],
    ['SMB_TOS_BLOCK', 'banned', ['close']],
    ['PROXYBLOCK', 'blocked', ['close']],
  ])('ends with %s as %s, and nothing but a new start opens a browser again', (state, why, actions) => {
    const ready = play([START, ...up(SECOND)]).session;
    const ended = play([[MINUTE, { kind: 'disconnected', state }]], ready);
    expect(ended).toEqual({ session: { at: 'closed', why }, did: actions });
    const after: readonly SessionEvent[] = [
      { kind: 'tick' },
      { kind: 'disconnected', state },
      { kind: 'failed', why: 'browserFailed' },
      { kind: 'code', code: 'qr:1' },
      { kind: 'authenticated' },
      { kind: 'ready' },
      { kind: 'polled', state: 'UNPAIRED' },
    ];
    const later = play(
      after.map((event, at) => [at * 60 * MINUTE, event] as const),
      ended.session,
    );
    expect(later).toEqual({ session: ended.session, did: [] });
    expect(play([[MINUTE, { kind: 'started' }]], ended.session).did).toEqual(['open']);
  });

  it('sees by its own question that it was thrown out, when the event does not come', () => {
    const ready = play([START, ...up(SECOND)]).session;
    expect(play([[MINUTE, { kind: 'polled', state: 'UNPAIRED' }]], ready).session).toEqual({
      at: 'closed',
      why: 'loggedOut',
    });
  });

  it('asks for a new code when the page has stopped making them, and closes after a quarter of an hour', () => {
    const linking = play([START, [SECOND, { kind: 'code', code: 'qr:1' }]]).session;
    expect(play([[2 * MINUTE, { kind: 'polled', state: 'UNPAIRED_IDLE' }]], linking).did).toEqual(['refresh']);
    expect(play([[15 * MINUTE + SECOND, { kind: 'tick' }]], linking)).toEqual({
      session: { at: 'closed', why: 'notLinked' },
      did: ['close'],
    });
  });

  it('tries again with a page that is too old: the next one is the newest', () => {
    const ready = play([START, ...up(SECOND)]).session;
    expect(play([[MINUTE, { kind: 'disconnected', state: 'DEPRECATED_VERSION' }]], ready).session).toMatchObject({
      at: 'waiting',
      why: 'outdated',
    });
  });

  it('does not wait for hours when the machine’s clock goes back', () => {
    const HOUR = 60 * MINUTE;
    const waiting = play([
      [2 * HOUR, { kind: 'started' }],
      [2 * HOUR, { kind: 'failed', why: 'browserFailed' }],
    ]).session;
    expect(play([[0, { kind: 'tick' }]], waiting).did).toEqual(['open']);
  });

  it('stops from every state, and starts from there', () => {
    const states: readonly (readonly [number, SessionEvent])[][] = [
      [START],
      [START, [SECOND, { kind: 'code', code: 'qr:1' }]],
      [START, [SECOND, { kind: 'authenticated' }]],
      [START, ...up(SECOND)],
      [START, [SECOND, { kind: 'failed', why: 'inUse' }]],
      [START, ...up(SECOND), [MINUTE, { kind: 'disconnected', state: 'CONFLICT' }]],
    ];
    for (const events of states) {
      const stopped = play([[MINUTE, { kind: 'stopped' }]], play(events).session);
      expect(stopped).toEqual({ session: { at: 'off' }, did: ['close'] });
      expect(play([[MINUTE, { kind: 'started' }]], stopped.session).did).toEqual(['open']);
    }
    expect(play([[0, { kind: 'stopped' }]]).did).toEqual([]);
  });
});
