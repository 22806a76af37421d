import { MISS } from '../read/source.ts';
import { type DataIndex, recordNumberOf } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';
import { partEnd } from '../values/key-parts.ts';
import type { Bounds } from './index-bounds.ts';
import { type Interval, isEverything } from './interval.ts';

const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 256;
const PREFIX = 4;
const ZERO = Buffer.from([0]);
/** So many entries outside of the bounds are jumped over in one step. */
const MOST_JUMPS = 32;

/** One index entry on its way through a plan. */
export interface Found {
  readonly number: number;
  readonly entry: Uint8Array;
  /** The store's version when the entry was read: as long as it is that, the document has to exist. */
  readonly version: number;
  /** The walk that came to it. */
  readonly scan: EntryScan;
}

type Verdict = { readonly inside: true } | { readonly inside: false; readonly seek: Buffer | undefined };
const INSIDE: Verdict = { inside: true };

/**
 * Walks one index in its order, or back, through the entries whose every field lies in its bounds. Stretches that a
 * field rules out are not walked but jumped over. It holds a few entries at a time and reads on from its place after
 * the store was written to.
 */
export class EntryScan {
  readonly index: DataIndex;
  readonly backward: boolean;
  readonly #store: Store;
  readonly #bounds: Bounds;
  readonly #checked: boolean;
  readonly #flips: readonly number[];
  #low: Buffer;
  #high: Buffer;
  /** The entry that was given last; the walk goes on behind it. */
  #passed: Uint8Array | undefined;
  #chunk: Uint8Array[] = [];
  #at = 0;
  #size: number;
  #version = -1;
  #ended = false;

  constructor(store: Store, index: DataIndex, bounds: Bounds, backward: boolean, wanted = FIRST_CHUNK) {
    this.#store = store;
    this.#size = Math.min(wanted, FIRST_CHUNK);
    this.index = index;
    this.backward = backward;
    this.#bounds = bounds;
    this.#flips = index.pattern.fields.map(({ descending }) => (descending ? 0xff : 0));
    const hull = hullOf(index, bounds);
    this.#low = hull.low;
    this.#high = hull.high;
    this.#checked = hull.needsCheck;
    this.#ended = bounds.some((intervals) => intervals.length === 0);
  }

  /** The next entry, MISS when this step came to none, undefined at the end. */
  next(): Found | typeof MISS | undefined {
    for (let jumps = 0; jumps < MOST_JUMPS; jumps++) {
      const entry = this.#nextEntry();
      if (!entry) return undefined;
      const verdict = this.#checked ? this.#judge(entry) : INSIDE;
      if (verdict.inside) return { number: recordNumberOf(entry), entry, version: this.#version, scan: this };
      if (verdict.seek) this.#jump(verdict.seek);
    }
    return MISS;
  }

  /** How many entries there are between the outer bounds, counted up to `limit`. */
  estimate(limit: number): number {
    return this.#ended ? 0 : this.#store.kv.entries.range(this.#low, this.#high, { limit }).length;
  }

  #nextEntry(): Uint8Array | undefined {
    if (this.#version !== this.#store.version) this.#chunk = [];
    if (this.#at >= this.#chunk.length) this.#read();
    const entry = this.#chunk[this.#at++];
    if (entry) this.#passed = entry;
    return entry;
  }

  #read(): void {
    this.#at = 0;
    if (this.#ended) {
      this.#chunk = [];
      return;
    }
    if (this.#passed) {
      if (this.backward) this.#high = Buffer.from(this.#passed);
      else this.#low = Buffer.concat([this.#passed, ZERO]);
      this.#passed = undefined;
    }
    this.#chunk = this.#store.kv.entries.range(this.#low, this.#high, { backward: this.backward, limit: this.#size });
    this.#version = this.#store.version;
    if (this.#chunk.length === 0) this.#ended = true;
    this.#size = Math.min(this.#size * 4, LARGEST_CHUNK);
  }

  #jump(target: Buffer): void {
    this.#passed = undefined;
    if (this.backward) this.#high = target;
    else this.#low = target;
    while (this.#at < this.#chunk.length) {
      const entry = this.#chunk[this.#at];
      if (!entry || (this.backward ? Buffer.compare(entry, target) < 0 : Buffer.compare(entry, target) >= 0)) return;
      this.#at++;
    }
    if (Buffer.compare(this.#low, this.#high) >= 0) this.#ended = true;
    this.#size = FIRST_CHUNK;
  }

  /** Whether every field lies in its bounds; if not, where the next entry that may do so begins (or ends). */
  #judge(entry: Uint8Array): Verdict {
    let start = PREFIX;
    for (const [i, intervals] of this.#bounds.entries()) {
      const end = partEnd(entry, start, this.#flips[i] ?? 0);
      if (!isEverything(intervals)) {
        const part = entry.subarray(start, end);
        const seek = this.#outside(intervals, part, Buffer.from(entry.subarray(0, start)));
        if (seek) return { inside: false, seek };
      }
      start = end;
    }
    return INSIDE;
  }

  #outside(intervals: readonly Interval[], part: Uint8Array, before: Buffer): Buffer | undefined {
    if (this.backward) {
      const nearest = intervals.findLast(({ low }) => Buffer.compare(low, part) <= 0);
      if (nearest && Buffer.compare(part, nearest.high) < 0) return undefined;
      return nearest ? Buffer.concat([before, nearest.high]) : before;
    }
    const nearest = intervals.find(({ high }) => Buffer.compare(part, high) < 0);
    if (nearest && Buffer.compare(part, nearest.low) >= 0) return undefined;
    return Buffer.concat([before, nearest ? nearest.low : Buffer.from([0xff])]);
  }
}

/** The outermost bytes of the bounds, and whether entries between them still have to be looked at. */
function hullOf(index: DataIndex, bounds: Bounds): { low: Buffer; high: Buffer; needsCheck: boolean } {
  let prefix = index.prefix;
  for (const [i, intervals] of bounds.entries()) {
    const [first] = intervals;
    const last = intervals.at(-1);
    if (!first || !last) return { low: prefix, high: prefix, needsCheck: false };
    if (intervals.length === 1 && first.point) {
      prefix = Buffer.concat([prefix, first.low]);
      continue;
    }
    const needsCheck = intervals.length > 1 || bounds.slice(i + 1).some((rest) => !isEverything(rest));
    return { low: Buffer.concat([prefix, first.low]), high: Buffer.concat([prefix, last.high]), needsCheck };
  }
  return { low: prefix, high: Buffer.concat([prefix, Buffer.from([0xff])]), needsCheck: false };
}
