import { closeSync, constants, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

const RECORD = 8;
const BLOCK = 4_096;
const MAGIC = 0x31534b50;

/** What is known of a page: its checksum, and whether anything is found through it. */
export interface PageSum {
  readonly crc: number;
  readonly kind: number;
}

/** Pages by which others, or documents, are found: the file's first, inner ones, and the leaves of indexes. */
const GUIDE = 1;
/** Documents, which have checksums of their own, and pages that are free. */
const OTHER = 2;
/** A page that SQLite took and gave back before it wrote anything there. */
export const UNWRITTEN = 3;

/** In which state the file of checksums is. `open`: SQLite may have moved pages that are not in it yet. */
export type SumsState = 'closed' | 'open' | 'incomplete' | 'unreadable';
const STATES: readonly SumsState[] = ['unreadable', 'closed', 'open', 'incomplete'];

/** The checksum of a page, and its kind ("B-tree Pages" in SQLite's file format). */
export function sumOf(page: number, content: Uint8Array): PageSum {
  const type = content[page === 1 ? 100 : 0];
  return { crc: crc32(content), kind: page === 1 || type === 2 || type === 5 || type === 10 ? GUIDE : OTHER };
}

/** Three bytes by which a record of a page knows itself; each bit of the record changes them. */
const sealOf = (page: number, crc: number, kind: number): number =>
  Math.imul(crc ^ Math.imul(page * 4 + kind, 0x9e3779b1), 0x85ebca6b) >>> 8;

/**
 * The checksums of a data file's pages, in a file beside it: eight bytes for each page by its number (checksum, kind,
 * and a seal over both), the state of the whole in the place of page 0.
 */
export class PageSums {
  readonly #fd: number;
  #records: Buffer;
  #length: number;
  readonly #changed = new Set<number>();

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const { size } = fstatSync(this.#fd);
    this.#length = size - (size % RECORD);
    this.#records = Buffer.alloc(Math.max(this.#length, BLOCK));
    readSync(this.#fd, this.#records, 0, this.#length, 0);
  }

  get state(): SumsState {
    const header = this.get(0);
    return (header?.crc === MAGIC && STATES[header.kind]) || 'unreadable';
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Says durably in which state the file is, after all that was set. */
  enter(state: SumsState): void {
    this.set(0, { crc: MAGIC, kind: STATES.indexOf(state) });
    this.write();
    fdatasyncSync(this.#fd);
  }

  /** Forgets every checksum. */
  clear(): void {
    this.#records.fill(0);
    for (let at = 0; at < this.#length; at += BLOCK) this.#changed.add(at);
  }

  /** What is known of a page; undefined when it is nothing, or not to be trusted. */
  get(page: number): PageSum | undefined {
    const at = page * RECORD;
    if (at + RECORD > this.#length) return undefined;
    const crc = this.#records.readUInt32LE(at);
    const kind = this.#records[at + 4] ?? 0;
    if (kind === 0 || sealOf(page, crc, kind) !== this.#records.readUIntLE(at + 5, 3)) return undefined;
    return { crc, kind };
  }

  set(page: number, { crc, kind }: PageSum): void {
    const at = page * RECORD;
    while (at + RECORD > this.#records.length)
      this.#records = Buffer.concat([this.#records, Buffer.alloc(this.#records.length)]);
    this.#length = Math.max(this.#length, at + RECORD);
    this.#records.writeUInt32LE(crc, at);
    this.#records[at + 4] = kind;
    this.#records.writeUIntLE(sealOf(page, crc, kind), at + 5, 3);
    this.#changed.add(at - (at % BLOCK));
  }

  /** Whether a page is one by which others are found, as far as can be seen at a glance. */
  guides(page: number): boolean {
    return this.#records[page * RECORD + 4] === GUIDE;
  }

  /** Hands over to the operating system what was set. */
  write(): void {
    for (const at of this.#changed) writeSync(this.#fd, this.#records, at, Math.min(BLOCK, this.#length - at), at);
    this.#changed.clear();
  }

  /** Makes what was written survive a power cut. */
  sync(): Promise<void> {
    return promisify(fdatasync)(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
