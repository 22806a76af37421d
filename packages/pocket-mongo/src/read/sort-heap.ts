import { MISS } from './source.ts';

interface Item<T> {
  readonly key: Buffer;
  /** Equal keys keep the order in which they came. */
  readonly turn: number;
  readonly value: T;
}

const compare = <T>(a: Item<T>, b: Item<T>): number => Buffer.compare(a.key, b.key) || a.turn - b.turn;

/**
 * Puts values in the order of their keys, in pieces of work that are each small however many there are. With a limit
 * it holds no more than that many, the least.
 */
export class SortHeap<T> {
  readonly #limit: number;
  readonly #items: Item<T>[] = [];
  readonly #backward: Item<T>[] = [];
  /** 1: the least is on top, as it is to come out; -1: the greatest is, as it is to be thrown out. */
  readonly #sign: 1 | -1;
  #turn = 0;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#sign = Number.isFinite(limit) ? -1 : 1;
  }

  /** Takes a value; gives the one that is out for it, if any: another or itself. */
  add(key: Buffer, value: T): T | undefined {
    const item = { key, turn: this.#turn++, value };
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      this.#rise(this.#items.length - 1);
      return undefined;
    }
    const [top] = this.#items;
    if (!top || compare(item, top) >= 0) return value;
    this.#items[0] = item;
    this.#sink();
    return top.value;
  }

  /** The next value in order, MISS when there is work left before it, undefined at the end. Nothing is added any more. */
  next(): T | typeof MISS | undefined {
    if (this.#sign === 1) return this.#pop()?.value;
    const item = this.#pop();
    if (!item) return this.#backward.pop()?.value;
    this.#backward.push(item);
    return MISS;
  }

  #pop(): Item<T> | undefined {
    const [top] = this.#items;
    const last = this.#items.pop();
    if (!last || last === top) return top;
    this.#items[0] = last;
    this.#sink();
    return top;
  }

  #goesBefore(a: number, b: number): boolean {
    const left = this.#items[a];
    const right = this.#items[b];
    return left !== undefined && right !== undefined && compare(left, right) * this.#sign < 0;
  }

  #swap(a: number, b: number): void {
    const held = this.#items[a];
    const other = this.#items[b];
    if (!held || !other) return;
    this.#items[a] = other;
    this.#items[b] = held;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#goesBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (this.#goesBefore(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}
