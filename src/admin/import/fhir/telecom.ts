import { type Element, elements, oneLine, text } from './element.ts';
import { isOver } from './period.ts';

/** A value of a telecom field and where it stands in it. */
export interface TelecomValue {
  readonly value: string;
  readonly index: number;
}

const USES = ['mobile', 'home', undefined, 'temp', 'work'];
const LAST_RANK = 1_000_000;

/** Telephone numbers that hold now, in the order in which they are to be tried: mobile ones first, then by rank, then by use. A number given twice counts once. */
export function phonesOf(telecom: unknown, now: Date): readonly TelecomValue[] {
  const isPhone = (point: Element): boolean => ['phone', 'sms'].includes(text(point['system']) ?? '');
  const numbers = current(telecom, now, isPhone).map(({ point, index }) => ({
    index,
    value: (oneLine(point['value']) ?? '').replace(/^(tel|sms):/i, ''),
    order: [isMobile(point) ? 0 : 1, rankOf(point), USES.indexOf(text(point['use']))],
  }));
  const inOrder = numbers.filter(({ value }) => value !== '').toSorted((a, b) => compare(a.order, b.order));
  return inOrder
    .filter(({ value }, at) => inOrder.findIndex((other) => other.value === value) === at)
    .map(({ value, index }) => ({ value, index }));
}

/** The mail address that holds now and comes first by rank. */
export function emailOf(telecom: unknown, now: Date): TelecomValue | null {
  return first(telecom, now, 'email', /^mailto:/i);
}

/** The web address that holds now and comes first by rank. */
export function webAddressOf(telecom: unknown, now: Date): TelecomValue | null {
  return first(telecom, now, 'url', /^$/);
}

function first(telecom: unknown, now: Date, system: string, prefix: RegExp): TelecomValue | null {
  const found = current(telecom, now, (point) => text(point['system']) === system)
    .map(({ point, index }) => ({ index, value: (oneLine(point['value'], 2048) ?? '').replace(prefix, ''), point }))
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => rankOf(a.point) - rankOf(b.point))[0];
  return found === undefined ? null : { value: found.value, index: found.index };
}

function current(
  telecom: unknown,
  now: Date,
  wanted: (point: Element) => boolean,
): readonly { readonly point: Element; readonly index: number }[] {
  return elements(telecom)
    .map((point, index) => ({ point, index }))
    .filter(({ point }) => wanted(point) && text(point['use']) !== 'old' && !isOver(point, now));
}

function isMobile(point: Element): boolean {
  return text(point['use']) === 'mobile' || text(point['system']) === 'sms';
}

function rankOf(point: Element): number {
  return typeof point['rank'] === 'number' ? point['rank'] : LAST_RANK;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
