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
  /** False when a tick has not run for more than two of its periods, here or in another instance, or none was started. */
  healthy(): boolean;
  /**
   * The watchdog's look: what would not have run within two periods it runs itself, and puts the job right, whether it was
   * deleted or stays locked (spec: reliability.md B4, 42). It looks by itself every 5 seconds.
   */
  watch(now: Date): Promise<void>;
}

/** Agenda asks the store once per job and round; half a minute is enough for what dispatch and wake-ups did not see. */
const LOOK_EVERY_MS = MINUTE_MS / 2;
const LOCK_MS = 10 * MINUTE_MS;
const PERIODS_LATE = 2;
const WATCH_EVERY_MS = 5_000;
const JOBS = 'agendaJobs';

/** Runs recurring works by Agenda, with a watchdog for the case that it stops ticking. */
export function createAgenda({ db, works, clock, log, lookEveryMs = LOOK_EVERY_MS }: AgendaDeps): Ticks {
  const ranAt = new Map<string, Date>();
  /** When the watchdog last ran a work; one that fails is not run at every look. */
  const helpedAt = new Map<string, Date>();
  /** Agenda's own record of each job's last good end, whoever ran it; by its clock, so only that it changes counts. */
  const ends = new Map<string, number>();
  const running = new Map<string, Promise<boolean>>();
  let agenda: Agenda | null = null;
  let watchdog: NodeJS.Timeout | null = null;

  return { start, stop, healthy, watch };

  async function start(): Promise<void> {
    if (agenda !== null) return;
    const starting = new Agenda({
      backend: new MongoBackend({ mongo: db, collection: JOBS }),
      processEvery: lookEveryMs,
      defaultLockLifetime: LOCK_MS,
      removeOnComplete: true,
    });
    // Without a listener an 'error' of the store would end the process.
    starting.on('error', (error: Error) => log.error('agenda.error', { error }));
    await starting.ready;
    for (const work of works) starting.define(work.name, () => job(work), { removeOnComplete: false });
    agenda = starting;
    await starting.start();
    for (const work of works) {
      ranAt.set(work.name, clock.now());
      await starting.every(periodOf(work), work.name);
    }
    watchdog = setInterval(() => void watch(clock.now()), WATCH_EVERY_MS);
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
    await hearOfOthers(now);
    await Promise.all(works.filter((work) => needsHelp(work, now)).map((work) => help(work, now)));
  }

  /** What another instance has run need not run here. A store that is away is told of by the works that fail. */
  async function hearOfOthers(now: Date): Promise<void> {
    const found = await db
      .collection(JOBS)
      .find({ name: { $in: works.map(({ name }) => name) } })
      .toArray()
      .catch(() => []);
    for (const { name, lastFinishedAt, failedAt } of found as unknown as readonly StoredJob[]) {
      const end = lastFinishedAt?.getTime() ?? 0;
      if (end === 0 || end === failedAt?.getTime()) continue;
      const known = ends.get(name);
      ends.set(name, end);
      if (known !== undefined && known !== end) ranAt.set(name, now);
    }
  }

  /** `every` makes the job anew, or takes its lock away; a run that holds the lock after all may be repeated. */
  async function help(work: RecurringWork, now: Date): Promise<void> {
    log.warn('agenda.late', { work: work.name });
    helpedAt.set(work.name, now);
    await tick(work);
    try {
      await agenda?.every(periodOf(work), work.name);
    } catch (error) {
      log.error('agenda.error', { error });
    }
  }

  /** As Agenda calls it: a failure is one in its record too. */
  async function job(work: RecurringWork): Promise<void> {
    if (!(await tick(work))) throw new Error('The work failed; the log says why.');
  }

  /** One run at a time in this process; false when it failed, which is logged, and the next tick tries again. */
  async function tick(work: RecurringWork): Promise<boolean> {
    const { name } = work;
    const underWay = running.get(name);
    if (underWay !== undefined) return underWay;
    const run = attempt(work);
    running.set(name, run);
    try {
      return await run;
    } finally {
      running.delete(name);
    }
  }

  async function attempt(work: RecurringWork): Promise<boolean> {
    try {
      await work.run(clock.now());
      ranAt.set(work.name, clock.now());
      return true;
    } catch (error) {
      log.error('agenda.workFailed', { work: work.name, error });
      return false;
    }
  }

  /** A look takes up to half a minute by itself. */
  function isLate(work: RecurringWork, now: Date): boolean {
    return sinceMs(ranAt.get(work.name), now) > PERIODS_LATE * periodOf(work) + LOOK_EVERY_MS;
  }

  /** So early that the run comes within two periods, though a run elsewhere is heard of one look late. */
  function needsHelp(work: RecurringWork, now: Date): boolean {
    const due = sinceMs(ranAt.get(work.name), now) > PERIODS_LATE * periodOf(work) - 2 * WATCH_EVERY_MS;
    const helped = helpedAt.get(work.name);
    return due && (helped === undefined || sinceMs(helped, now) >= LOOK_EVERY_MS);
  }
}

interface StoredJob {
  readonly name: string;
  readonly lastFinishedAt?: Date | null;
  readonly failedAt?: Date | null;
}

function sinceMs(at: Date | undefined, now: Date): number {
  return at === undefined ? 0 : now.getTime() - at.getTime();
}

function periodOf({ everyMs = LOOK_EVERY_MS }: RecurringWork): number {
  return everyMs;
}
