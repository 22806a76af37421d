import type { Remark } from './plan.ts';

/** Where the operator reads; a line at a time. */
export interface ImportOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Counts what became of lines and resources, and names those that were not taken. */
export interface Tally {
  loaded(count?: number): void;
  bad(label: string, words: string): void;
  leftOut(remark: Remark): void;
  readonly counts: { readonly loaded: number; readonly bad: number; readonly leftOut: number };
}

const LONGEST = 1000;

/** Names are told as they come. Words hold paths, keys and rules, never a value of the file. */
export function createTally({ err }: ImportOutput): Tally {
  const counts = { loaded: 0, bad: 0, leftOut: 0 };
  return {
    counts,
    loaded(count = 1) {
      counts.loaded += count;
    },
    bad(label, words) {
      counts.bad += 1;
      err(plain(`${label}: ${words}`));
    },
    leftOut({ label, words }) {
      counts.leftOut += 1;
      err(plain(`${label}: left out, ${words}`));
    },
  };
}

/** Nothing of a file may steer the terminal. */
function plain(words: string): string {
  return words.replace(/\p{Cc}+/gu, ' ').slice(0, LONGEST);
}
