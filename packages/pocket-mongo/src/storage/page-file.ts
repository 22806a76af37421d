import { closeSync, fdatasync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { PageSums, sumOf, UNWRITTEN } from './page-sums.ts';
import { WalFrames } from './wal-frames.ts';

const SLICE_BYTES = 1024 * 1024;

/** The data are not as they were written; the message names file and page. */
export class PageDamageError extends Error {}

/** What is known of a data file when it is opened. */
export interface FileFacts {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly isNew: boolean;
  /** SQLite left no log beside the file: all that was in it has been moved. */
  readonly wasClosed: boolean;
  /** Files up to this size are looked through as a whole at the opening. */
  readonly smallBytes: number;
  /** Told of what is mended without harm. */
  log(text: string): void;
}

/**
 * The data file as pages, each with a checksum in a file beside it. SQLite changes the data file only when it moves
 * pages from its log there: their checksums are taken from the log before that, and a page that is still in the log is
 * not held to its checksum. To be opened when SQLite has locked the file, and closed when SQLite has closed it: closing
 * any descriptor of a file gives up all locks that the process has on it (POSIX).
 */
export class PageFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #facts: FileFacts;
  readonly #sums: PageSums;
  readonly #frames: WalFrames;
  #pageCount: number;
  /** The checksums may be of another state of the file: it has to be checked by other means first. */
  #isDoubtful = false;
  #isComplete = false;
  #next = 1;

  constructor(path: string, facts: FileFacts) {
    this.#path = path;
    this.#facts = facts;
    this.#pageCount = facts.pageCount;
    this.#fd = openSync(path, 'r+');
    this.#frames = new WalFrames(`${path}-wal`, facts.pageSize);
    this.#frames.read();
    this.#sums = new PageSums(`${path}-sums`);
    const { state, isEmpty } = this.#sums;
    if (isEmpty && !facts.isNew) facts.log(`${path} has no checksums of its pages yet: they are made now`);
    if (isEmpty || state === 'incomplete') this.#beginAnew();
    else if (state === 'unreadable' || (state === 'open' && facts.wasClosed)) this.#isDoubtful = true;
    else {
      this.#isComplete = true;
      this.#sums.enter('open');
    }
  }

  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** The file was found whole by other means: its pages are taken for right as they are, where they were in doubt. */
  trust(): void {
    if (!this.#isDoubtful) return;
    this.#facts.log(`the checksums in ${this.#path}-sums were unusable; the data are whole, they are made anew`);
    this.#isDoubtful = false;
    this.#beginAnew();
  }

  /** Frames of the log that have not been moved into the file. Only while no transaction is open. */
  get waiting(): number {
    this.#frames.read();
    return this.#frames.count - this.#frames.moved;
  }

  /** Different pages that the log has, of which each is moved once. */
  get logged(): number {
    return this.#frames.pages.size;
  }

  /** Puts the checksums of what SQLite is about to move where it will be found after a crash of the process. */
  beforeMove(): void {
    this.#frames.read();
    if (this.#isDoubtful) return;
    for (const [page, sum] of this.#frames.pages) this.#sums.set(page, sum);
    const pageCount = this.#frames.pageCount ?? this.#pageCount;
    for (let page = this.#pageCount + 1; page <= pageCount; page++)
      if (!this.#frames.pages.has(page)) this.#sums.set(page, { crc: 0, kind: UNWRITTEN });
    this.#pageCount = pageCount;
    this.#sums.write();
  }

  /** SQLite has moved all frames of its log, so many of them. */
  moved(frames: number): void {
    this.#frames.moved = frames;
  }

  /** Makes both files survive a power cut. SQLite must not begin its log anew before. */
  async sync(): Promise<void> {
    if (this.#frames.moved !== this.#frames.count) throw new Error('SQLite moved other pages than its log shows');
    await Promise.all([promisify(fdatasync)(this.#fd), this.#sums.sync()]);
  }

  /** As `beforeMove`, for good. */
  beforeLastMove(): void {
    this.beforeMove();
    if (!this.#isDoubtful) this.#sums.enter(this.#isComplete ? 'open' : 'incomplete');
  }

  /** The log is empty, and SQLite will not move anything any more. */
  afterLastMove(): void {
    if (this.#isComplete) this.#sums.enter('closed');
  }

  /** The damage that has to be told before the first question: all that could lead to a wrong answer. */
  firstProblem(): string | undefined {
    const [ofLog] = this.#logProblems();
    if (ofLog !== undefined) return ofLog;
    if (this.#pageCount * this.#facts.pageSize <= this.#facts.smallBytes) {
      const [problem] = this.problems();
      return problem;
    }
    return this.#isComplete ? this.#guideProblem() : undefined;
  }

  /** Looks at the pages by which others are found, run after run of them. */
  #guideProblem(): string | undefined {
    const { pageSize } = this.#facts;
    const slice = Buffer.allocUnsafe(SLICE_BYTES);
    for (let first = 1; first <= this.#pageCount; ) {
      if (!this.#sums.guides(first)) {
        first++;
        continue;
      }
      const last = this.#lastOfRun(first);
      const length = readSync(this.#fd, slice, 0, (last - first + 1) * pageSize, (first - 1) * pageSize);
      for (let at = 0; first <= last; at += pageSize, first++) {
        if (!this.#sums.guides(first)) continue;
        const problem = this.#inspect(first, slice.subarray(at, Math.max(at, Math.min(at + pageSize, length))));
        if (problem) return problem[0];
      }
    }
    return undefined;
  }

  /** One page between two of them costs less to be read than to be skipped. */
  #lastOfRun(first: number): number {
    const end = first + SLICE_BYTES / this.#facts.pageSize;
    let last = first;
    for (let page = first + 1; page < end && page <= last + 2; page++) if (this.#sums.guides(page)) last = page;
    return last;
  }

  /** Looks through the log and all pages at once. */
  *problems(): Generator<string> {
    yield* this.#logProblems();
    if (this.#isDoubtful) return;
    const slice = Buffer.allocUnsafe(SLICE_BYTES);
    for (this.#next = 1; this.#next <= this.#pageCount; )
      for (const [page, content] of this.#pagesIn(slice, readSync(this.#fd, slice, 0, SLICE_BYTES, this.#offset)))
        yield* this.#inspect(page, content) ?? [];
    this.#complete();
  }

  *#logProblems(): Generator<string> {
    const damage = this.#frames.damage();
    if (damage !== undefined) yield `${this.#path}-wal is damaged: ${damage}`;
  }

  /** Looks through the next pages; false after the last. Rejects with PageDamageError. */
  async lookOn(): Promise<boolean> {
    if (this.#isDoubtful) return false;
    const slice = Buffer.allocUnsafe(SLICE_BYTES);
    const { bytesRead } = await promisify(read)(this.#fd, slice, 0, SLICE_BYTES, this.#offset);
    for (const [page, content] of this.#pagesIn(slice, bytesRead)) {
      if (!this.#inspect(page, content)) continue;
      // SQLite may have moved it while it was being read.
      const [problem] = this.#inspect(page, this.#pageAt(page)) ?? [];
      if (problem !== undefined) throw new PageDamageError(problem);
    }
    if (this.#next <= this.#pageCount) return true;
    this.#next = 1;
    this.#complete();
    return false;
  }

  close(): void {
    closeSync(this.#fd);
    this.#frames.close();
    this.#sums.close();
  }

  #beginAnew(): void {
    this.#sums.clear();
    this.#sums.enter('incomplete');
    this.#isComplete = false;
    this.#next = 1;
  }

  #complete(): void {
    this.#sums.write();
    if (!this.#isComplete) this.#sums.enter('open');
    this.#isComplete = true;
  }

  get #offset(): number {
    return (this.#next - 1) * this.#facts.pageSize;
  }

  *#pagesIn(slice: Buffer, length: number): Generator<[number, Buffer]> {
    const { pageSize } = this.#facts;
    for (let at = 0; at < SLICE_BYTES && this.#next <= this.#pageCount; at += pageSize)
      yield [this.#next++, slice.subarray(at, Math.max(at, Math.min(at + pageSize, length)))];
  }

  #pageAt(page: number): Buffer {
    const { pageSize } = this.#facts;
    const content = Buffer.allocUnsafe(pageSize);
    return content.subarray(0, readSync(this.#fd, content, 0, pageSize, (page - 1) * pageSize));
  }

  /** What is wrong with a page; a page of which nothing is known is taken for right from now on. */
  #inspect(page: number, content: Buffer): readonly [string] | undefined {
    if (this.#frames.pages.has(page)) return undefined;
    const { pageSize, log } = this.#facts;
    const known = this.#sums.get(page);
    const isWhole = content.length === pageSize;
    if (known?.kind === UNWRITTEN || (known && isWhole && known.crc === crc32(content))) return undefined;
    // What a broken-off move was to append comes with the log.
    if (!known && !isWhole && this.#frames.count > 0) return undefined;
    if (known || !isWhole) {
      const place = `page ${String(page)} (at byte ${String((page - 1) * pageSize)}) of ${this.#path}`;
      return [
        `${place} ${isWhole ? `is damaged: it fails its checksum in ${this.#path}-sums` : 'is missing: the file is damaged'}`,
      ];
    }
    if (this.#isComplete && this.#frames.count === 0)
      log(`the checksum of page ${String(page)} in ${this.#path}-sums was damaged; it is made anew`);
    this.#sums.set(page, sumOf(page, content));
    return undefined;
  }
}
