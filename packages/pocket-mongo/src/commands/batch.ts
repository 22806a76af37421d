import { MISS, type Source } from '../read/source.ts';
import type { Cursor } from '../server/cursor-table.ts';
import type { Doc } from '../values/value.ts';
import { CursorReply } from '../wire/cursor-reply.ts';
import type { CommandContext, Work } from './command.ts';

/** Documents of one reply together; the reply with what is around them stays below 16 MB. */
const MOST_BYTES = 16 * 1024 * 1024 - 16_384;
const ELEMENT_OVERHEAD = 10;
/** How many documents come first when the client does not say (MongoDB: 101). */
const FIRST_BATCH = 101;

interface Batch {
  readonly docs: readonly Uint8Array[];
  readonly ended: boolean;
}

function* fill(cursor: Cursor, most: number): Work<Batch> {
  const docs: Uint8Array[] = [];
  let bytes = 0;
  while (docs.length < most) {
    const next = cursor.step();
    if (next === undefined) return { docs, ended: true };
    if (next !== MISS) {
      bytes += next.length + ELEMENT_OVERHEAD;
      if (docs.length > 0 && bytes > MOST_BYTES) {
        cursor.holdBack(next);
        break;
      }
      docs.push(next);
    }
    yield;
  }
  return { docs, ended: false };
}

/** How a first batch is to be made. */
export interface FirstBatch {
  readonly batchSize: number | undefined;
  /** No more than this one batch is wanted. */
  readonly single?: boolean;
  /** As many documents as there can be at most: a batch of them is the last. */
  readonly limit?: number | undefined;
  readonly more?: Doc;
}

/** Answers with the first batch of a cursor and keeps the cursor when there may be more. */
export function* answerFirst(context: CommandContext, cursor: Cursor, options: FirstBatch): Work<CursorReply> {
  const { batchSize = FIRST_BATCH, single, limit, more } = options;
  const { docs, ended } = yield* fill(cursor, batchSize);
  const done = ended || single === true || docs.length === limit;
  const id = done ? 0 : context.cursors.add(cursor, Date.now());
  return new CursorReply('firstBatch', docs, id, cursor.namespace, more);
}

/** Answers with the next batch of a cursor. `most` undefined: as many as a reply can hold. */
export function* answerNext(
  context: CommandContext,
  id: number,
  cursor: Cursor,
  most: number | undefined,
): Work<CursorReply> {
  const { docs, ended } = yield* fill(cursor, most ?? Number.POSITIVE_INFINITY);
  cursor.usedAt = Date.now();
  if (ended) context.cursors.end(id);
  return new CursorReply('nextBatch', docs, ended ? 0 : id, cursor.namespace);
}

/** A source over a list or another iterable. */
export function sourceOf(documents: Iterable<Uint8Array>): Source<Uint8Array> {
  const iterator = documents[Symbol.iterator]();
  return {
    step: () => {
      const next = iterator.next();
      return next.done ? undefined : next.value;
    },
  };
}
