import type { Element } from './element.ts';

/** A resource of the file with the key that it gets. */
export interface Entry {
  readonly label: string;
  readonly type: string;
  readonly key: string;
  readonly resource: Element;
  /** The entry's own address in the bundle. */
  readonly fullUrl?: string;
}

/** What a reference leads to; `entry` is null for what the file does not hold. */
export interface Target {
  readonly type: string;
  readonly key: string;
  readonly entry: Entry | null;
  readonly display: string | undefined;
}
