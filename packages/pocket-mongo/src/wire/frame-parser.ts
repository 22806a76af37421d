/** The longest message that MongoDB takes, in bytes. */
export const MAX_MESSAGE = 48_000_000;
const HEADER = 16;

/** A message's length cannot be true; nothing after it can be read. */
export class BadFrameError extends Error {}

/** Cuts what arrives on a connection into whole messages, however it was split. Throws BadFrameError. */
export class FrameParser {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = 0;

  /** Takes the next bytes and gives the messages that they complete. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const frames: Buffer[] = [];
    while (this.#held >= 4) {
      if (this.#wanted === 0) this.#wanted = this.#readLength();
      if (this.#held < this.#wanted) break;
      const all = this.#joined();
      frames.push(all.subarray(0, this.#wanted));
      this.#chunks = all.length > this.#wanted ? [all.subarray(this.#wanted)] : [];
      this.#held -= this.#wanted;
      this.#wanted = 0;
    }
    return frames;
  }

  #readLength(): number {
    const length = this.#joined().readInt32LE(0);
    if (length < HEADER || length > MAX_MESSAGE) throw new BadFrameError(`a message of ${String(length)} bytes`);
    return length;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
