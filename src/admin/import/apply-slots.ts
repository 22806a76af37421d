import { DAY_MS } from '../../core/clock.ts';
import { type Element, elements } from './fhir/element.ts';
import type { PlannedSlot } from './plan.ts';
import { answerJson, type CallService, refusalWords } from './service-call.ts';
import type { Tally } from './tally.ts';

export interface SlotDependencies {
  readonly call: CallService;
  readonly tally: Tally;
}

/** A run of slots that one call replaces. */
interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly slots: readonly PlannedSlot[];
}

const SLOTS_A_CALL = 2000;
const LONGEST_SPAN_MS = 365 * DAY_MS;

/** Replaces the free slots of the doctors of these slots, over the time that the file speaks of; those of other doctors stay. */
export async function applySlots(slots: readonly PlannedSlot[], deps: SlotDependencies): Promise<void> {
  for (const branch of new Set(slots.map((slot) => slot.branch))) {
    const own = slots
      .filter((slot) => slot.branch === branch)
      .toSorted((a, b) => a.start.getTime() - b.start.getTime());
    const doctors = new Set(own.map(({ doctor }) => doctor));
    for (const span of spansOf(own)) await replace(branch, span, doctors, deps);
  }
}

/** Cuts slots, in order of start, into spans that a call can take; slots that start together stay together. */
function spansOf(slots: readonly PlannedSlot[]): readonly Span[] {
  const spans: PlannedSlot[][] = [];
  for (const slot of slots) {
    const last = spans.at(-1);
    const [first, before] = [last?.[0], last?.at(-1)];
    const fits =
      last !== undefined &&
      first !== undefined &&
      slot.start.getTime() - first.start.getTime() < LONGEST_SPAN_MS &&
      (last.length < SLOTS_A_CALL || before?.start.getTime() === slot.start.getTime());
    if (fits) last.push(slot);
    else spans.push([slot]);
  }
  return spans.flatMap((each) => {
    const [first, last] = [each[0], each.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ from: first.start, to: new Date(last.start.getTime() + 1), slots: each }];
  });
}

async function replace(
  branch: string,
  span: Span,
  doctors: ReadonlySet<string>,
  { call, tally }: SlotDependencies,
): Promise<void> {
  const path = `/branches/${branch}/slots?from=${span.from.toISOString()}&to=${span.to.toISOString()}`;
  const others = (await storedSlots(path, call)).filter(({ doctor }) => !doctors.has(String(doctor)));
  let given = span.slots.filter(({ free }) => free);
  for (;;) {
    const body = JSON.stringify([...given.map(bodyOf), ...others]);
    const answer = await call({ method: 'PUT', path, body });
    if (answer.status === 200) return tally.loaded(given.length);
    const refused = refusedSlots(answerJson(answer)['details'], given.length);
    const message = refusalWords(answer);
    given.forEach(({ label }, at) => {
      const words = refused.size === 0 ? message : refused.get(at);
      if (words !== undefined) tally.bad(label, words);
    });
    if (refused.size === 0) return;
    given = given.filter((_slot, at) => !refused.has(at));
  }
}

function bodyOf({ doctor, services, start, end }: PlannedSlot): Element {
  return { doctor, ...(services.length > 0 && { services }), start: start.toISOString(), end: end.toISOString() };
}

/** What is wrong with which element of the body: paths of `details` begin with its number. */
function refusedSlots(details: unknown, count: number): ReadonlyMap<number, string> {
  const refused = new Map<number, string>();
  for (const { path, message } of elements(details)) {
    const [, at, field] = /^(\d+)(?:\.(.+))?$/.exec(String(path)) ?? [];
    if (at === undefined || Number(at) >= count) continue;
    refused.set(Number(at), `${field === undefined ? 'schedule' : fieldOf(field)}: ${String(message)}`);
  }
  return refused;
}

function fieldOf(field: string): string {
  return field.startsWith('start') || field.startsWith('end') ? field : 'schedule';
}

async function storedSlots(path: string, call: CallService): Promise<readonly Element[]> {
  const all: Element[] = [];
  let cursor: unknown = null;
  do {
    const page = await call({
      method: 'GET',
      path: `${path}&limit=200${typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    });
    const json = answerJson(page);
    all.push(...elements(json['items']));
    cursor = json['next'];
  } while (typeof cursor === 'string');
  return all;
}
