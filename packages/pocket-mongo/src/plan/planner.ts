import { badValue } from '../errors.ts';
import type { Match } from '../query/match.ts';
import type { Collection } from '../storage/collection.ts';
import type { DataIndex } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';
import { equal } from '../values/compare.ts';
import { type KeyField, keyFields } from '../values/key-pattern.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';
import { type Branch, branchesOf, wholeBranch } from './branches.ts';
import { EntryScan } from './entry-scan.ts';
import { type Bounds, boundsOf, holdsAll } from './index-bounds.ts';
import { isEverything } from './interval.ts';

/** One walk through an index. */
export interface ScanPlan {
  readonly index: DataIndex;
  readonly bounds: Bounds;
  readonly backward: boolean;
  readonly fixedFields: number;
}

/** How documents are to be found. */
export type Plan =
  | { readonly kind: 'collection'; readonly backward: boolean }
  | { readonly kind: 'index'; readonly scans: readonly ScanPlan[]; readonly sorted: boolean };

/** What a plan is made for. */
export interface PlanRequest {
  readonly match: Match;
  readonly sort?: Doc | undefined;
  readonly limit?: number | undefined;
  readonly hint?: Value;
}

const MANY = 64;
const MOST_EXPLODED = 32;

const isPoint = (bounds: Bounds, i: number): boolean => bounds[i]?.length === 1 && bounds[i][0]?.point === true;

function leadingPoints(bounds: Bounds): number {
  let count = 0;
  while (isPoint(bounds, count)) count++;
  return count;
}

/** Splits bounds whose leading fields have several single values into one for each value. */
function exploded(bounds: Bounds): readonly Bounds[] {
  const at = leadingPoints(bounds);
  const intervals = bounds[at];
  if (!intervals || intervals.length < 2 || intervals.length > MOST_EXPLODED || !intervals.every(({ point }) => point))
    return [bounds];
  const parts = intervals.map((interval) => bounds.map((other, i) => (i === at ? [interval] : other)));
  const deeper = parts.flatMap(exploded);
  return deeper.length > MOST_EXPLODED ? parts : deeper;
}

/** The direction in which a walk gives the wanted order, and from which field on; undefined when it does not. */
function orderOf(
  index: DataIndex,
  bounds: Bounds,
  sort: readonly KeyField[],
  alone: boolean,
): { backward: boolean; fixedFields: number } | undefined {
  const { fields } = index.pattern;
  const wanted = alone
    ? sort.filter(
        ({ path }) =>
          !fields.some((known, i) => known.path === path && isPoint(bounds, i) && index.multikey[i] !== true),
      )
    : sort;
  const points = leadingPoints(bounds);
  for (let from = 0; from <= points; from++) {
    const part = fields.slice(from, from + wanted.length);
    if (part.length < wanted.length || part.some(({ path }, i) => path !== wanted[i]?.path)) continue;
    // An array's place in a sort is its least element, found only by walking all its keys.
    if (part.some((_, i) => index.multikey[from + i] === true && !isEverything(bounds[from + i] ?? []))) continue;
    if (
      index.isMultikey &&
      part.some((_, i) => index.multikey[from + i] === true) &&
      bounds.some((b, i) => index.multikey[i] === true && !isEverything(b))
    )
      continue;
    const turned = part.map(({ descending }, i) => descending !== wanted[i]?.descending);
    if (turned.every((turn) => turn === turned[0])) return { backward: turned[0] === true, fixedFields: from };
  }
  return undefined;
}

interface Candidate {
  readonly scans: readonly ScanPlan[];
  readonly sorted: boolean;
  /** How many fields narrow the walk. */
  readonly narrowed: number;
}

/** Whether a walk through an index could narrow the search or give the wanted order at all. */
function mayHelp({ pattern }: DataIndex, branches: readonly Branch[], sort: readonly KeyField[]): boolean {
  const lead = pattern.fields[0]?.path;
  return sort.some(({ path }) => path === lead) || branches.every((branch) => branch.some(({ path }) => path === lead));
}

function candidateFor(index: DataIndex, branches: readonly Branch[], sort: readonly KeyField[]): Candidate | undefined {
  if (!mayHelp(index, branches, sort)) return undefined;
  if (!branches.every((branch) => holdsAll(index, branch))) return undefined;
  const plain = branches.map((branch) => boundsOf(index, branch));
  const split = sort.length > 0 ? plain.flatMap(exploded) : plain;
  const alone = split.length === 1;
  const orders = split.map((bounds) => orderOf(index, bounds, sort, alone));
  const [first] = orders;
  const sorted = sort.length > 0 && orders.every((order) => order !== undefined && order.backward === first?.backward);
  const used = sorted ? split : plain;
  const narrowed = Math.min(...plain.map((bounds) => bounds.filter((intervals) => !isEverything(intervals)).length));
  const leading = plain.every((bounds) => !isEverything(bounds[0] ?? []));
  if (!leading && !sorted) return undefined;
  const scans = used.map((bounds, i) => ({
    index,
    bounds,
    backward: sorted && orders[i]?.backward === true,
    fixedFields: (sorted && orders[i]?.fixedFields) || 0,
  }));
  return { scans, sorted, narrowed: leading ? narrowed : 0 };
}

/** Chooses walks for a filter by rules, and by counting a few entries where the rules leave a choice. */
export class Planner {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  plan(collection: Collection, { match, sort, limit, hint }: PlanRequest): Plan {
    const hinted = hint === undefined ? undefined : this.#hinted(collection, hint);
    if (hinted === 'forward' || hinted === 'backward') return { kind: 'collection', backward: hinted === 'backward' };
    const natural = sort && field(sort, '$natural');
    if (isNumeric(natural)) return { kind: 'collection', backward: toDouble(natural) < 0 };
    const whole = wholeBranch(match);
    const sortFields = sort ? keyFields(sort) : [];
    const indexes = hinted ? [hinted] : collection.ready;
    const [idIndex] = collection.ready;
    if (!hinted && idIndex && whole.some(({ path, shape }) => path === '_id' && shape.kind === 'equal')) {
      const byId = candidateFor(idIndex, [whole], sortFields);
      if (byId) return { kind: 'index', ...byId };
    }
    const parts = branchesOf(match);
    const candidates = indexes.flatMap((index) => {
      const forAll = candidateFor(index, [whole], sortFields);
      const apart = parts && candidateFor(index, parts, sortFields);
      if (!apart || (forAll?.sorted && !apart.sorted) || (forAll && apart.narrowed <= forAll.narrowed))
        return forAll ?? [];
      return apart;
    });
    const union = parts && !hinted ? this.#union(collection, parts) : undefined;
    const best = this.#best(union ? [...candidates, union] : candidates, sort !== undefined, limit);
    if (best) return { kind: 'index', scans: best.scans, sorted: best.sorted };
    if (hinted) return this.#wholeIndex(hinted);
    return { kind: 'collection', backward: false };
  }

  #wholeIndex(index: DataIndex): Plan {
    const bounds = boundsOf(index, []);
    return { kind: 'index', scans: [{ index, bounds, backward: false, fixedFields: 0 }], sorted: false };
  }

  #hinted(collection: Collection, hint: Value): DataIndex | 'forward' | 'backward' {
    if (isDoc(hint) && Object.hasOwn(hint, '$natural')) {
      const direction = field(hint, '$natural');
      return isNumeric(direction) && toDouble(direction) < 0 ? 'backward' : 'forward';
    }
    const index = collection.ready.find(({ name, spec }) => (isDoc(hint) ? equal(spec['key'], hint) : name === hint));
    if (!index)
      throw badValue(
        `error processing query: ns=${collection.namespace}: planner returned error :: caused by :: hint provided does not correspond to an existing index`,
      );
    return index;
  }

  /** Each branch by the index that suits it best; only where every branch has one. */
  #union(collection: Collection, parts: readonly Branch[]): Candidate | undefined {
    const scans: ScanPlan[] = [];
    let narrowed = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      const best = this.#best(
        collection.ready.flatMap((index) => candidateFor(index, [part], []) ?? []),
        false,
        undefined,
      );
      if (!best) return undefined;
      scans.push(...best.scans);
      narrowed = Math.min(narrowed, best.narrowed);
    }
    return { scans, sorted: false, narrowed };
  }

  #best(candidates: readonly Candidate[], wantsSort: boolean, limit: number | undefined): Candidate | undefined {
    const [only] = candidates;
    if (candidates.length < 2) return only;
    const costs = candidates.map((candidate) => this.#cost(candidate, wantsSort, limit));
    return candidates[costs.indexOf(Math.min(...costs))];
  }

  #cost({ scans, sorted, narrowed }: Candidate, wantsSort: boolean, limit: number | undefined): number {
    let entries = 0;
    for (const { index, bounds, backward } of scans) {
      if (entries >= MANY) break;
      entries += new EntryScan(this.#store, index, bounds, backward).estimate(MANY - entries);
    }
    const width = scans[0]?.index.pattern.fields.length ?? 0;
    if (entries < MANY) return entries + (wantsSort && !sorted ? 0.5 : 0) + width / 100;
    const sorting = wantsSort && !sorted ? (limit ? 2_000 : 200) : 0;
    const walking = narrowed === 0 ? 1_000 : 0;
    return MANY + sorting + walking + (10 - Math.min(narrowed, 10)) * 10 + width / 100;
  }
}
