import type { ChannelHealth } from '../../core/channel.ts';
import type { WhatsappWebSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createLanes } from '../lanes.ts';
import { createWithin, LATE } from './deadline.ts';
import { browserVersion, createPhone, type Phone, type PhoneEvents } from './phone.ts';
import type { Profile } from './profile.ts';
import { SESSION_OFF, type Session, type SessionAction, type SessionEvent, stepSession } from './session.ts';

/** What the session hands on of the page's news. `ready` comes again after every reload. */
export interface SessionListener extends Pick<PhoneEvents, 'message' | 'vote' | 'ack'> {
  ready(phone: Phone, linked: boolean): void;
}

/** Keeps a browser with the linked device running and says how it is. */
export interface LinkedSession {
  /** Starts the work and does not wait for its end; after an ending that a person has to mend it tries anew. */
  start(): void;
  /** Resolves when no browser of ours runs any more. */
  stop(): Promise<void>;
  /** The phone while messages can be handed to it; null otherwise. */
  phone(): Phone | null;
  health(): Pick<ChannelHealth, 'state' | 'since' | 'detail'>;
}

const TICK_MS = 1_000;
const POLL_MS = 4_000;

/** The effects of `stepSession`: timers, the browser and the folder. News of a browser that was given up are dropped. */
export function createLinkedSession(
  settings: WhatsappWebSettings,
  { deps, profile, listener }: { deps: ChannelDeps; profile: Profile; listener: SessionListener },
): LinkedSession {
  const { clock, wall, log } = deps;
  const work = createLanes();
  const within = createWithin(deps);
  let session: Session = SESSION_OFF;
  let since = clock.now();
  let phone: Phone | null = null;
  let generation = 0;
  let version: string | null = null;
  let timers: (() => void)[] = [];

  const apply = (event: SessionEvent): void => {
    const before = wordsOf(session);
    const step = stepSession(session, event, wall.nowMs());
    const moved = step.session.at !== session.at;
    session = step.session;
    const after = wordsOf(session);
    if (after.state !== before.state || after.detail !== before.detail) since = clock.now();
    if (moved) log.info('whatsappWeb.session', { at: session.at, ...('why' in session && { why: session.why }) });
    for (const action of step.actions) perform(action);
  };

  const perform = (action: SessionAction): void => {
    switch (action.do) {
      case 'open':
        void work.run('browser', open);
        return;
      case 'close':
        void work.run('browser', close);
        generation += 1;
        return;
      case 'forget':
        void work.run('browser', () => profile.forget()).catch((error: unknown) => fault('forget', error));
        return;
      case 'refresh':
        phone?.refreshCode().catch((error: unknown) => fault('refresh', error));
        return;
      case 'ready':
        if (phone !== null) listener.ready(phone, action.linked);
        return;
      default:
        action satisfies never;
    }
  };
  /** Only what the error is made of: its words may name a chat. */
  const fault = (stage: string, error: unknown): void =>
    log.warn('whatsappWeb.fault', { stage, error: error instanceof Error ? error.name : typeof error });

  const open = async (): Promise<void> => {
    if (session.at !== 'opening') return;
    const mine = generation;
    const ifMine =
      <V extends unknown[]>(news: (...values: V) => void) =>
      (...values: V): void => {
        if (mine === generation) news(...values);
      };
    try {
      if (!(await profile.take())) {
        apply({ kind: 'failed', why: 'inUse' });
        return;
      }
      version ??= await browserVersion(settings.chromiumPath);
    } catch (error) {
      fault('folder', error);
      apply({ kind: 'failed', why: 'browserFailed' });
      return;
    }
    if (mine !== generation) return;
    const failed = ifMine(() => apply({ kind: 'failed', why: 'browserFailed' }));
    const opened = createPhone(settings, {
      version,
      within,
      browserIs: profile.browserIs,
      events: {
        code: ifMine((code) => apply({ kind: 'code', code })),
        progress: ifMine(() => apply({ kind: 'progress' })),
        authenticated: ifMine(() => apply({ kind: 'authenticated' })),
        ready: ifMine(() => apply({ kind: 'ready' })),
        reloaded: ifMine(() => apply({ kind: 'reloaded' })),
        disconnected: ifMine((state) => apply({ kind: 'disconnected', state })),
        failed,
        message: ifMine(listener.message),
        vote: ifMine(listener.vote),
        ack: ifMine(listener.ack),
      },
    });
    phone = opened;
    opened.open().catch((error: unknown) => {
      if (mine === generation) fault('open', error);
      failed();
    });
  };

  const close = async (): Promise<void> => {
    const closing = phone;
    phone = null;
    await closing?.close();
  };

  const poll = async (): Promise<void> => {
    const mine = generation;
    if (phone === null) return;
    const asked = phone.usable() ? phone.state().catch(() => null) : Promise.resolve(null);
    const state = await within(POLL_MS, asked);
    if (mine === generation) apply({ kind: 'polled', state: state === LATE ? null : state });
  };

  return {
    start() {
      if (timers.length === 0)
        timers = [deps.every(TICK_MS, () => apply({ kind: 'tick' })), deps.every(POLL_MS, () => void poll())];
      apply({ kind: 'started' });
    },
    async stop() {
      for (const timer of timers) timer();
      timers = [];
      apply({ kind: 'stopped' });
      await work.allIdle();
      await profile.release();
    },
    phone: () => (session.at === 'ready' && session.online && phone?.usable() === true ? phone : null),
    health: () => ({ ...wordsOf(session), since }),
  };
}

/** The session as the API shows it; the code to be scanned or typed in is the detail. */
function wordsOf(session: Session): Pick<ChannelHealth, 'state' | 'detail'> {
  switch (session.at) {
    case 'off':
      return { state: 'down', detail: 'stopped' };
    case 'opening':
      return { state: 'connecting', detail: 'starting' };
    case 'linking':
      return { state: 'connecting', detail: session.code };
    case 'syncing':
      return { state: 'connecting', detail: 'syncing' };
    case 'ready':
      return session.online ? { state: 'up' } : { state: 'connecting', detail: 'noNetwork' };
    case 'waiting':
    case 'closed':
      return { state: 'down', detail: session.why };
    default:
      return session satisfies never;
  }
}
