import { partEnd } from '../values/key-parts.ts';
import type { EntryScan, Found } from './entry-scan.ts';

/** One scan and how many leading fields of its index are fixed and do not count for the order. */
export interface Part {
  readonly scan: EntryScan;
  readonly fixedFields: number;
}

interface Head {
  readonly part: Part;
  readonly found: Found;
  readonly rest: Uint8Array;
}

function headOf(part: Part): Head | undefined {
  const found = part.scan.next();
  if (!found) return undefined;
  let start = 4;
  for (const { descending } of part.scan.index.pattern.fields.slice(0, part.fixedFields))
    start = partEnd(found.entry, start, descending ? 0xff : 0);
  return { part, found, rest: found.entry.subarray(start) };
}

/** Several scans as one: in the order of their keys when `ordered`, else one after the other. No record comes twice. */
export class MergedScan {
  readonly #parts: Part[];
  readonly #ordered: boolean;
  readonly #seen: Set<number> | undefined;
  #heads: Head[] | undefined;

  constructor(parts: readonly Part[], ordered: boolean) {
    this.#parts = [...parts];
    this.#ordered = ordered && parts.length > 1;
    const mayRepeat = parts.length > 1 || parts.some(({ scan }) => scan.index.isMultikey);
    this.#seen = mayRepeat ? new Set() : undefined;
  }

  next(): (Found & { readonly scan: EntryScan }) | undefined {
    for (;;) {
      const found = this.#ordered ? this.#least() : this.#first();
      if (!found || !this.#seen) return found;
      if (this.#seen.has(found.number)) continue;
      this.#seen.add(found.number);
      return found;
    }
  }

  #first(): (Found & { readonly scan: EntryScan }) | undefined {
    for (;;) {
      const [part] = this.#parts;
      if (!part) return undefined;
      const found = part.scan.next();
      if (found) return { ...found, scan: part.scan };
      this.#parts.shift();
    }
  }

  #least(): (Found & { readonly scan: EntryScan }) | undefined {
    this.#heads ??= this.#parts.flatMap((part) => headOf(part) ?? []);
    let best: Head | undefined;
    for (const head of this.#heads) {
      if (!best) best = head;
      else {
        const order = Buffer.compare(head.rest, best.rest);
        if (head.part.scan.backward ? order > 0 : order < 0) best = head;
      }
    }
    if (!best) return undefined;
    const at = this.#heads.indexOf(best);
    const next = headOf(best.part);
    if (next) this.#heads[at] = next;
    else this.#heads.splice(at, 1);
    return { ...best.found, scan: best.part.scan };
  }
}
