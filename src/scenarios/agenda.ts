import { MongoBackend, type MongoBackendConfig } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { type Clock, MINUTE_MS } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** A recurring piece of work: planning sweeps, expiry, retention, the safety net of the dispatch. Its `run` may be repeated and cut short. */
interface RecurringWork {
  /** Unique; the name of the job in the store. */
  readonly name: string;
  /** Half a minute where nothing is said: the safety net under what wakes up by itself. */
  readonly everyMs?: number;
  run(now: Date): Promise<unknown>;
}

export interface AgendaDeps {
  /** A database that is connected: Agenda never recovers from one that is not. */
  readonly db: Extract<MongoBackendConfig, { mongo: unknown }>['mongo'];
  readonly works: readonly RecurringWork[];
  readonly clock: Clock;
  readonly log: Log;
  /** How often Agenda asks the store; half a minute but in tests. */
  readonly lookEveryMs?: number;
}

/** The ticks of the service. Messages are no jobs: they live in the outbox. */
export interface Ticks {
  start(): Promise<void>;
  /** Resolves when nothing is running any more. */
  stop(): Promise<void>;
  /** False when a tick has not run for two of its periods, or none was started. */
  healthy(): boolean;
  /** The watchdog's look: runs what has not run for two periods itself. It looks by itself every 30 seconds. */
  watch(now: Date): Promise<void>;
}

/** Agenda asks the store once per job and round; half a minute is enough for what dispatch and wake-ups did not see. */
const LOOK_EVERY_MS = MINUTE_MS / 2;
const LOCK_MS = 10 * MINUTE_MS;
const PERIODS_LATE = 2;

/** Runs recurring works by Agenda, with a watchdog for the case that it stops ticking. */
export function createAgenda({ db, works, clock, log, lookEveryMs = LOOK_EVERY_MS }: AgendaDeps): Ticks {
  const ranAt = new Map<string, Date>();
  const running = new Map<string, Promise<void>>();
  let agenda: Agenda | null = null;
  let watchdog: NodeJS.Timeout | null = null;

  return { start, stop, healthy, watch };

  async function start(): Promise<void> {
    if (agenda !== null) return;
    const starting = new Agenda({
      backend: new MongoBackend({ mongo: db, collection: 'agendaJobs' }),
      processEvery: lookEveryMs,
      defaultLockLifetime: LOCK_MS,
      removeOnComplete: true,
    });
    // Without a listener an 'error' of the store would end the process.
    starting.on('error', (error: Error) => log.error('agenda.error', { error }));
    await starting.ready;
    for (const work of works) starting.define(work.name, () => tick(work), { removeOnComplete: false });
    agenda = starting;
    await starting.start();
    for (const work of works) {
      ranAt.set(work.name, clock.now());
      await starting.every(periodOf(work), work.name);
    }
    watchdog = setInterval(() => void watch(clock.now()), LOOK_EVERY_MS);
    watchdog.unref();
  }

  async function stop(): Promise<void> {
    if (watchdog !== null) clearInterval(watchdog);
    watchdog = null;
    const stopping = agenda;
    agenda = null;
    await stopping?.stop(false);
    await Promise.all(running.values());
  }

  function healthy(): boolean {
    return agenda !== null && works.every((work) => !isLate(work, clock.now()));
  }

  async function watch(now: Date): Promise<void> {
    if (agenda === null) return;
    const late = works.filter((work) => isLate(work, now));
    for (const { name } of late) log.warn('agenda.late', { work: name });
    await Promise.all(late.map(tick));
  }

  /** One run at a time in this process; a failure is logged, and the next tick tries again. */
  async function tick(work: RecurringWork): Promise<void> {
    const { name } = work;
    const underWay = running.get(name);
    if (underWay !== undefined) return underWay;
    const run = attempt(work);
    running.set(name, run);
    try {
      await run;
    } finally {
      running.delete(name);
    }
  }

  async function attempt(work: RecurringWork): Promise<void> {
    try {
      await work.run(clock.now());
      ranAt.set(work.name, clock.now());
    } catch (error) {
      log.error('agenda.workFailed', { work: work.name, error });
    }
  }

  /** A look takes up to half a minute by itself. */
  function isLate(work: RecurringWork, now: Date): boolean {
    const last = ranAt.get(work.name);
    return last !== undefined && now.getTime() - last.getTime() > PERIODS_LATE * periodOf(work) + LOOK_EVERY_MS;
  }
}

function periodOf({ everyMs = LOOK_EVERY_MS }: RecurringWork): number {
  return everyMs;
}
