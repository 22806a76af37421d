import { MISS } from '../read/source.ts';
import { partEnd } from '../values/key-parts.ts';
import type { EntryScan, Found } from './entry-scan.ts';

/** One scan and how many leading fields of its index are fixed and do not count for the order. */
export interface Part {
  readonly scan: EntryScan;
  readonly fixedFields: number;
}

/** A part with the entry that it would give next; `head` is undefined as long as it was not looked for. */
interface Lane {
  readonly part: Part;
  head: { readonly found: Found; readonly rest: Uint8Array } | undefined;
}

function restOf({ scan, fixedFields }: Part, found: Found): Uint8Array {
  let start = 4;
  for (const { descending } of scan.index.pattern.fields.slice(0, fixedFields))
    start = partEnd(found.entry, start, descending ? 0xff : 0);
  return found.entry.subarray(start);
}

/** Several scans as one: in the order of their keys when `ordered`, else one after the other. No record comes twice. */
export class MergedScan {
  #lanes: Lane[];
  readonly #ordered: boolean;
  readonly #seen: Set<number> | undefined;

  constructor(parts: readonly Part[], ordered: boolean) {
    this.#lanes = parts.map((part) => ({ part, head: undefined }));
    this.#ordered = ordered && parts.length > 1;
    const mayRepeat = parts.length > 1 || parts.some(({ scan }) => scan.index.isMultikey);
    this.#seen = mayRepeat ? new Set() : undefined;
  }

  /** The next entry, MISS when this step came to none, undefined at the end. */
  next(): Found | typeof MISS | undefined {
    const found = this.#ordered ? this.#least() : this.#first();
    if (!found || found === MISS || !this.#seen) return found;
    if (this.#seen.has(found.number)) return MISS;
    this.#seen.add(found.number);
    return found;
  }

  #first(): Found | typeof MISS | undefined {
    const [lane] = this.#lanes;
    if (!lane) return undefined;
    const { scan } = lane.part;
    const found = scan.next();
    if (found) return found;
    this.#lanes.shift();
    return this.#lanes.length > 0 ? MISS : undefined;
  }

  /** Looks for the next entry of every lane that has none; false when a step of it came to nothing. */
  #fillHeads(): boolean {
    for (const lane of this.#lanes) {
      if (lane.head) continue;
      const found = lane.part.scan.next();
      if (found === MISS) return false;
      if (found) lane.head = { found, rest: restOf(lane.part, found) };
    }
    this.#lanes = this.#lanes.filter(({ head }) => head !== undefined);
    return true;
  }

  #least(): Found | typeof MISS | undefined {
    if (!this.#fillHeads()) return MISS;
    let best: Lane | undefined;
    for (const lane of this.#lanes) {
      if (!best?.head || !lane.head) {
        best ??= lane;
        continue;
      }
      const order = Buffer.compare(lane.head.rest, best.head.rest);
      if (lane.part.scan.backward ? order > 0 : order < 0) best = lane;
    }
    if (!best?.head) return undefined;
    const { found } = best.head;
    best.head = undefined;
    return found;
  }
}
