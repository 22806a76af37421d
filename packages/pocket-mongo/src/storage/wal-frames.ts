import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { type PageSum, sumOf } from './page-sums.ts';

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER = 32;
const FRAME_HEADER = 24;
const LITTLE_ENDIAN = 0x377f0682;
const BIG_ENDIAN = 0x377f0683;
const READ_AHEAD = 64;
const HOST_IS_LITTLE_ENDIAN = endianness() === 'LE';

type Chain = readonly [number, number];

interface Frame {
  readonly page: number;
  /** Pages of the file after the transaction that this frame ends; 0 when it ends none. */
  readonly commits: number;
  readonly chain: Chain;
  readonly isValid: boolean;
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** One frame as it lies in the log, and whether its checksum follows from the frame before it. */
function parseFrame(bytes: Buffer, salt: Buffer, before: Chain, littleEndian: boolean): Frame {
  const content = bytes.subarray(FRAME_HEADER);
  const chain: Chain = [bytes.readInt32BE(16), bytes.readInt32BE(20)];
  const page = bytes.readUInt32BE(0);
  const sum = add(add(before, bytes, 0, 8, littleEndian), bytes, FRAME_HEADER, bytes.length, littleEndian);
  const isValid = page > 0 && salt.equals(bytes.subarray(8, 16)) && sum[0] === chain[0] && sum[1] === chain[1];
  return { page, commits: bytes.readUInt32BE(4), chain, isValid, whole: bytes, content };
}

function add([first, second]: Chain, bytes: Buffer, from: number, until: number, littleEndian: boolean): Chain {
  let s0 = first;
  let s1 = second;
  const start = bytes.byteOffset + from;
  // Each frame of a running server goes through here: whole words of the machine's own order are quicker.
  if (littleEndian === HOST_IS_LITTLE_ENDIAN && start % 4 === 0) {
    const words = new Int32Array(bytes.buffer, start, (until - from) / 4);
    for (let i = 0; i < words.length; i += 2) {
      s0 = (s0 + (words[i] ?? 0) + s1) | 0;
      s1 = (s1 + (words[i + 1] ?? 0) + s0) | 0;
    }
    return [s0, s1];
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = from; at < until; at += 8) {
    s0 = (s0 + view.getInt32(at, littleEndian) + s1) | 0;
    s1 = (s1 + view.getInt32(at + 4, littleEndian) + s0) | 0;
  }
  return [s0, s1];
}

/**
 * The committed pages in SQLite's log, read by the rules of its own recovery. Only while no transaction is open. A log
 * that SQLite begins anew is read anew: whoever let it do so has moved all that was in it into the file.
 */
export class WalFrames {
  /** The checksums of the pages that the log holds, each as it was committed last. */
  readonly pages = new Map<number, PageSum>();
  /** How many frames are committed. */
  count = 0;
  /** How many of them are in the file as well, by its owner's word. */
  moved = 0;
  /** How many pages the file has after the last of them; undefined when the log is empty. */
  pageCount: number | undefined;
  readonly #path: string;
  readonly #pageSize: number;
  #fd: number | undefined;
  #header: Buffer = Buffer.alloc(HEADER);
  #chain: Chain = [0, 0];
  /** Where frames are read to, each only looked at before the next are read. */
  #ahead: Buffer | undefined;

  constructor(path: string, pageSize: number) {
    this.#path = path;
    this.#pageSize = pageSize;
  }

  /** Reads what was committed since the last time. */
  read(): void {
    const header = this.#bytesAt(0, Buffer.alloc(HEADER));
    if (!header.equals(this.#header)) this.#begin(header);
    if (!this.#isLog) return;
    let found: [number, PageSum][] = [];
    let { count } = this;
    for (const { page, commits, chain, isValid, content } of this.#framesFrom(this.count, this.#chain)) {
      if (!isValid) return;
      count++;
      found.push([page, sumOf(page, content)]);
      if (commits === 0) continue;
      for (const [number, sum] of found) this.pages.set(number, sum);
      found = [];
      this.count = count;
      this.pageCount = commits;
      this.#chain = chain;
    }
  }

  /**
   * Where the log is damaged, in words. SQLite takes the first bad frame for the end, which is right for the torn end of
   * a commit that nobody was told of. A whole commit behind it was answered, and so was the one before; and a frame that
   * is right but for one bit was whole once.
   */
  damage(): string | undefined {
    if (!this.#isLog)
      return this.#header.length === HEADER && this.#header.some((byte) => byte !== 0)
        ? 'its header fails its checksum'
        : undefined;
    let [before, afterCommit, isFirst] = [this.#chain, false, true];
    for (const { commits, isValid, chain, whole } of this.#framesFrom(this.count, this.#chain)) {
      if (afterCommit && isValid)
        return `the commit after frame ${String(this.count)} is damaged, and others follow it`;
      if (isFirst && !isValid && this.#isOneBitOff(whole, before))
        return `frame ${String(this.count + 1)} fails its checksum by one bit`;
      isFirst &&= isValid;
      afterCommit = commits > 0;
      before = chain;
    }
    return undefined;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  get #littleEndian(): boolean {
    return this.#header.readUInt32BE(0) === LITTLE_ENDIAN;
  }

  get #isLog(): boolean {
    if (this.#header.length < HEADER) return false;
    const magic = this.#header.readUInt32BE(0);
    if ((magic !== LITTLE_ENDIAN && magic !== BIG_ENDIAN) || this.#header.readUInt32BE(8) !== this.#pageSize)
      return false;
    const [s0, s1] = add([0, 0], this.#header, 0, 24, this.#littleEndian);
    return s0 === this.#header.readInt32BE(24) && s1 === this.#header.readInt32BE(28);
  }

  #begin(header: Buffer): void {
    this.#header = header;
    this.pages.clear();
    this.count = 0;
    this.moved = 0;
    this.pageCount = undefined;
    if (header.length === HEADER) this.#chain = [header.readInt32BE(24), header.readInt32BE(28)];
  }

  #isOneBitOff(frame: Buffer, before: Chain): boolean {
    const salt = this.#header.subarray(16, 24);
    const own = frame.subarray(8, 16);
    const different = salt.reduce((count, byte, i) => count + (byte === own[i] ? 0 : 1), 0);
    // Frames of an older log end here, with another salt.
    if (different > 1) return false;
    for (let at = 0; at < frame.length; at++)
      for (let bit = 1; bit < 256; bit <<= 1) {
        frame[at] = (frame[at] ?? 0) ^ bit;
        const { isValid } = parseFrame(frame, salt, before, this.#littleEndian);
        frame[at] = (frame[at] ?? 0) ^ bit;
        if (isValid) return true;
      }
    return false;
  }

  /** The frames from a number on, good ones and others, as far as the file goes. */
  *#framesFrom(first: number, chain: Chain): Generator<Frame> {
    const size = FRAME_HEADER + this.#pageSize;
    const salt = this.#header.subarray(16, 24);
    const ahead = (this.#ahead ??= Buffer.alloc(READ_AHEAD * size));
    let before = chain;
    for (let next = first; ; next += READ_AHEAD) {
      const bytes = this.#bytesAt(HEADER + next * size, ahead);
      for (let at = 0; at + size <= bytes.length; at += size) {
        const frame = parseFrame(bytes.subarray(at, at + size), salt, before, this.#littleEndian);
        yield frame;
        before = frame.chain;
      }
      if (bytes.length < READ_AHEAD * size) return;
    }
  }

  #bytesAt(offset: number, bytes: Buffer): Buffer {
    try {
      this.#fd ??= openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, bytes.length, offset));
  }
}
