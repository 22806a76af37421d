import { Long } from 'bson';
import type { Doc } from '../values/value.ts';

/** A reply with a batch of documents that are BSON already and go out as they are. */
export class CursorReply {
  readonly batchName: 'firstBatch' | 'nextBatch';
  readonly batch: readonly Uint8Array[];
  readonly cursorId: number;
  readonly namespace: string;
  /** Fields beside `cursor`. */
  readonly more: Doc;

  constructor(
    batchName: 'firstBatch' | 'nextBatch',
    batch: readonly Uint8Array[],
    cursorId: number,
    namespace: string,
    more: Doc = {},
  ) {
    this.batchName = batchName;
    this.batch = batch;
    this.cursorId = cursorId;
    this.namespace = namespace;
    this.more = more;
  }

  /** What stands beside the batch in the `cursor` field. */
  get head(): Doc {
    return { id: Long.fromNumber(this.cursorId), ns: this.namespace };
  }
}

/** A reply with one document in the field `value` that is BSON already and goes out as it is. */
export class ValueReply {
  readonly value: Uint8Array;
  /** Fields beside `value`. */
  readonly more: Doc;

  constructor(value: Uint8Array, more: Doc) {
    this.value = value;
    this.more = more;
  }
}

/** What a command answers. */
export type Reply = Doc | CursorReply | ValueReply;
