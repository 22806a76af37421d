import { messageOf } from '../errors.ts';
import type { PageFile } from '../storage/page-file.ts';

const BETWEEN_SLICES_MS = 2;
const DAY_MS = 24 * 3_600_000;

/** Looks through all pages of the data soon after the start and once a day, in slices of one megabyte. */
export class PageWatch {
  readonly #pages: PageFile;
  readonly #damaged: (problem: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** `damaged` is called once, after which nothing is looked at any more. */
  constructor(pages: PageFile, damaged: (problem: string) => void) {
    this.#pages = pages;
    this.#damaged = damaged;
  }

  start(): void {
    this.#goOn(BETWEEN_SLICES_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #goOn(afterMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#pages.lookOn().then(
        (goesOn) => this.#goOn(goesOn ? BETWEEN_SLICES_MS : DAY_MS),
        (error: unknown) => {
          if (!this.#isStopped) this.#damaged(messageOf(error));
        },
      );
    }, afterMs);
    this.#timer.unref();
  }
}
