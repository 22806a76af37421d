import type { CommandContext, Work } from '../commands/command.ts';
import { MongoError } from '../errors.ts';
import type { Planner } from '../plan/planner.ts';
import { TransactionLostError } from '../storage/kv.ts';
import type { Store } from '../storage/store.ts';
import type { Doc } from '../values/value.ts';
import type { Reply } from '../wire/cursor-reply.ts';
import { type Accepted, acceptRequest } from './accept-request.ts';
import { Checkpoints } from './checkpoints.ts';
import type { CursorTable } from './cursor-table.ts';
import { asMongoError, failureReply } from './failure.ts';
import type { ServerFacts } from './server-facts.ts';
import { WriteTransaction } from './write-transaction.ts';

/** A turn with its commit is to hold the event loop for less than 10 ms: this is what its commands may take of it. */
const TURN_MS = 4;
/** What is left for long work in a turn whose new commands took all there was. */
const LEAST_SLICE_MS = 1.5;
const PATIENCE_MS = 0.2;
/** Until the next look at work that waits. */
const WAIT_MS = 2;
const OUT_OF_DISK_SPACE = 14031;
const QUIET_MS = 60_000;

/** A command and where its answer goes. Called exactly once, after what it says is durable. */
export interface Task {
  readonly connectionId: number;
  readonly command: Doc;
  answer(reply: Reply): void;
}

interface Job {
  readonly task: Task;
  readonly work: Work<Reply>;
  readonly writes: boolean;
  readonly endsAt: number;
}

interface Answer {
  readonly task: Task;
  reply: Reply;
}

export interface ExecutorDeps {
  readonly store: Store;
  readonly planner: Planner;
  readonly cursors: CursorTable;
  readonly facts: ServerFacts;
  /** Told of errors that are none of MongoDB's. */
  log(text: string): void;
}

/**
 * Runs commands. Those that come one close after the other share a transaction; all their answers leave after its
 * commit. Long work is put aside after a while and goes on in later turns, a write of many documents with
 * what it has written so far committed, as in MongoDB.
 */
export class Executor {
  readonly #deps: ExecutorDeps;
  readonly #transaction: WriteTransaction;
  readonly #checkpoints: Checkpoints;
  /** Writes that came while the disk was waited for. */
  #held: Task[] = [];
  #queue: Task[] = [];
  #jobs: Job[] = [];
  #answers: Answer[] = [];
  #upkeep: (() => void)[] = [];
  #between: (() => boolean)[] = [];
  #scheduled = false;
  #later: NodeJS.Timeout | undefined;
  /** True when all that is left to do waits for something. */
  #onlyWaits = false;
  /** When the first command of the open transaction began. */
  #openedAt: number | undefined;
  /** When a command last joined it, and how many were answered after the one before. */
  #joinedAt = 0;
  #lastTogether = 0;
  #waiting: (() => void)[] = [];
  #wantsCheckpoint = false;
  #quietUntil = 0;
  /** When a client last had something done. */
  usedAt = 0;

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
    this.#transaction = new WriteTransaction(deps.store);
    this.#checkpoints = new Checkpoints({
      kv: deps.store.kv,
      log: (text) => deps.log(text),
      stop: (reason) => this.stop(reason),
      released: () => this.#schedule(),
    });
  }

  /** Does a little work after each commit, while no transaction is open, until it says that there is no more. */
  between(work: () => boolean): void {
    this.#between.push(work);
    this.#schedule();
  }

  submit(task: Task): void {
    this.#queue.push(task);
    this.usedAt = Date.now();
    this.#schedule();
  }

  /** Runs a write of the server's own between those of clients. */
  maintain(work: () => void): void {
    this.#upkeep.push(work);
    this.#schedule();
  }

  /** Moves the log into the data file at the next moment at which no transaction is open. */
  checkpoint(): void {
    this.#wantsCheckpoint = true;
    this.#schedule();
  }

  /** Refuses every command from now on. */
  stop(reason: string): void {
    this.#deps.log(`the store has stopped, because ${reason}`);
    this.#transaction.stop(reason);
  }

  /** Resolves when all that was submitted has been answered. */
  idle(): Promise<void> {
    if (!this.#isWorking) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  get #isWorking(): boolean {
    const commands = this.#queue.length + this.#jobs.length + this.#answers.length + this.#held.length;
    const ownWork = this.#upkeep.length + this.#between.length;
    return commands + ownWork > 0 || this.#wantsCheckpoint || this.#checkpoints.holdsWrites;
  }

  #schedule(): void {
    clearTimeout(this.#later);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#turn();
      if (!this.#isWorking) for (const done of this.#waiting.splice(0)) done();
      else if (this.#onlyWaits && this.#queue.length + this.#answers.length === 0)
        this.#later = setTimeout(() => this.#schedule(), WAIT_MS);
      else this.#schedule();
    });
  }

  #turn(): void {
    const startedAt = performance.now();
    this.#onlyWaits = true;
    if (this.#wantsCheckpoint && !this.#transaction.isOpen) {
      this.#moveLog();
      return;
    }
    this.#openedAt ??= startedAt;
    const endsAt = this.#openedAt + TURN_MS;
    const before = this.#answers.length;
    const tasks = this.#checkpoints.holdsWrites ? this.#queue : [...this.#held.splice(0), ...this.#queue];
    this.#queue = [];
    for (const [i, task] of tasks.entries()) {
      if (performance.now() > endsAt) {
        this.#queue.push(...tasks.slice(i));
        break;
      }
      this.#start(task, endsAt);
    }
    this.#goOn(Math.max(endsAt, performance.now() + LEAST_SLICE_MS));
    if (!this.#checkpoints.holdsWrites) for (const work of this.#upkeep.splice(0)) this.#maintain(work);
    const wrote = this.#transaction.isOpen;
    const now = performance.now();
    if (this.#answers.length > before) this.#joinedAt = now;
    if (wrote && this.#jobs.length === 0 && now < endsAt && this.#expectsMore(now)) return;
    this.#finish();
    this.#between = this.#between.filter((work) => work());
    if (this.#between.length > 0) this.#onlyWaits = false;
    if (wrote) this.#deps.facts.turns.add(performance.now() - startedAt);
    if (wrote && this.#checkpoints.isDue) this.#wantsCheckpoint = true;
  }

  /** A turn of its own. */
  #moveLog(): void {
    this.#wantsCheckpoint = false;
    if (!this.#transaction.isUsable) return;
    const startedAt = performance.now();
    this.#checkpoints.begin();
    this.#deps.facts.turns.add(performance.now() - startedAt);
  }

  /**
   * One commit for all is cheaper than one for each. Whoever is heard at the next look at the sockets joins; those who
   * were answered together are given a moment to come together again.
   */
  #expectsMore(now: number): boolean {
    return now === this.#joinedAt || (this.#answers.length < this.#lastTogether && now - this.#joinedAt < PATIENCE_MS);
  }

  #start(task: Task, endsAt: number): void {
    this.#guard(task, () => {
      const accepted = acceptRequest(task.command);
      const { command } = accepted;
      if (command.access !== 'none') this.#transaction.checkUsable();
      const writes = command.access === 'write';
      if (writes && this.#checkpoints.holdsWrites) {
        this.#held.push(task);
        return undefined;
      }
      return writes
        ? this.#transaction.run(() => this.#begin(accepted, task, endsAt))
        : this.#begin(accepted, task, endsAt);
    });
  }

  #begin(accepted: Accepted, task: Task, pauseAt: number): Reply | undefined {
    const { command, request, maxTimeMs = Number.POSITIVE_INFINITY } = accepted;
    const result = command.run(request, this.#contextFor(accepted, task));
    if (!isWork(result)) return result;
    const writes = command.access === 'write';
    return this.#advance({ task, work: result, writes, endsAt: performance.now() + maxTimeMs }, pauseAt);
  }

  /** Goes on with what was put aside, one after the other; who gets no time now is the first in the next turn. */
  #goOn(endsAt: number): void {
    const jobs = this.#jobs.splice(0);
    for (const [i, job] of jobs.entries()) {
      if (job.writes && this.#checkpoints.holdsWrites) {
        this.#jobs.push(job);
        continue;
      }
      if (performance.now() >= endsAt) {
        this.#jobs.unshift(...jobs.slice(i));
        return;
      }
      this.#guard(job.task, () => {
        if (performance.now() > job.endsAt) throw new MongoError(50, 'operation exceeded time limit');
        if (!job.writes) return this.#advance(job, endsAt);
        this.#transaction.checkUsable();
        return this.#transaction.run(() => this.#advance(job, endsAt));
      });
    }
  }

  /** Goes on with one piece of work until a time; undefined when it has to be put aside. */
  #advance(job: Job, pauseAt: number): Reply | undefined {
    for (;;) {
      const { done, value } = job.work.next();
      if (value !== 'wait') this.#onlyWaits = false;
      if (done === true) return value;
      if (value !== 'wait' && performance.now() < pauseAt) continue;
      this.#jobs.push(job);
      return undefined;
    }
  }

  #guard(task: Task, work: () => Reply | undefined): void {
    let reply: Reply | undefined;
    try {
      reply = work();
    } catch (error) {
      reply = this.#failed(error);
    }
    if (reply !== undefined) this.#answers.push({ task, reply });
  }

  #failed(error: unknown): Doc {
    const known = asMongoError(error);
    if (known.code === OUT_OF_DISK_SPACE) this.#tellOfFullDisk();
    else if (!(error instanceof MongoError))
      this.#deps.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const reply = failureReply(known);
    // The writes that were to be answered in this turn are gone together with the one that failed.
    if (error instanceof TransactionLostError) for (const answer of this.#answers) answer.reply = reply;
    return reply;
  }

  /** Whoever writes to a full disk tries again and again. */
  #tellOfFullDisk(): void {
    if (performance.now() < this.#quietUntil) return;
    this.#quietUntil = performance.now() + QUIET_MS;
    this.#deps.log('the disk is full: writes are refused until there is room again');
  }

  #maintain(work: () => void): void {
    if (!this.#transaction.isUsable) return;
    try {
      this.#transaction.run(work);
    } catch (error) {
      this.#failed(error);
    }
  }

  #finish(): void {
    const answers = this.#answers;
    this.#lastTogether = answers.length;
    try {
      this.#transaction.commit();
    } catch (error) {
      const reply = this.#failed(error);
      for (const answer of answers) answer.reply = reply;
    }
    this.#answers = [];
    this.#openedAt = undefined;
    for (const { task, reply } of answers) task.answer(reply);
  }

  #contextFor({ db }: { readonly db: string }, task: Task): CommandContext {
    const { store, planner, cursors, facts } = this.#deps;
    return {
      store,
      planner,
      cursors,
      facts,
      db,
      connectionId: task.connectionId,
      between: (work) => this.between(work),
      onScan: ({ namespace, count }) => facts.scans.add(namespace, count, Date.now()),
    };
  }
}

const isWork = (result: Reply | Work<Reply>): result is Work<Reply> =>
  typeof (result as { next?: unknown }).next === 'function';
