import type { Readable } from 'node:stream';
import { AppError } from '../../core/errors.ts';

const PATIENCE_MS = 2000;
const PATIENCE_BYTES = 16_777_216;

/** How much of a body is taken, what its sender said of its length, and how long it may take to come. */
export interface Reading {
  readonly most: number;
  readonly said: number | null;
  readonly withinMs: number;
  /** Where bodies share what may be held of them at once; one that finds no room is refused (`AppError('notReady')`). */
  readonly room?: Room;
}

/** Bytes that are free still. */
export interface Room {
  left: number;
}

/**
 * Reads a body whole. One that is too large (`AppError('tooLarge')`) is thrown away as it comes for a moment before the refusal:
 * a client that is cut off while it sends never sees the answer, and one that never ends must not keep us either. A body that
 * does not come in time, or breaks off, is refused too.
 */
export function readBytes(stream: Readable, { most, said, withinMs, room }: Reading): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let refusal: AppError | null = null;
    let timer = setTimeout(() => end(refusal ?? new AppError('timeout', 'The body did not come in time.')), withinMs);

    let held = 0;

    const hold = (bytes: number): void => {
      held += bytes;
      if (room !== undefined) room.left -= bytes;
    };
    const end = (error: AppError | null): void => {
      clearTimeout(timer);
      hold(-held);
      stream.off('data', take).off('end', whole).off('error', broken).off('close', broken);
      // What still comes is no fault of the process.
      stream.on('error', ignore);
      if (error === null) resolve(Buffer.concat(chunks, length));
      else reject(error);
    };
    const refuse = (): void => {
      refusal = new AppError('tooLarge', 'The body is too large.');
      chunks.length = 0;
      hold(-held);
      clearTimeout(timer);
      timer = setTimeout(() => end(refusal), PATIENCE_MS);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (refusal === null && length > most) refuse();
      if (refusal === null) {
        hold(chunk.length);
        chunks.push(chunk);
        if (room !== undefined && room.left < 0) end(new AppError('notReady', 'Too many bodies come at once.'));
      } else if (length > PATIENCE_BYTES) end(refusal);
    };
    const whole = (): void => end(refusal);
    const broken = (): void =>
      end(refusal ?? new AppError('invalid', 'The body is not packed as it says, or broke off.'));

    if (said !== null && said > most) refuse();
    stream.on('data', take).on('end', whole).on('error', broken).on('close', broken);
  });
}

function ignore(): void {
  // The request has its answer.
}
