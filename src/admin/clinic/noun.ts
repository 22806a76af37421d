import type { ObjectSchema, Schema } from 'joi';
import type { Page } from '../../core/page.ts';
import type { PageQuery } from '../fields/page.ts';

/** How an upsert is meant; `quiet`: as if booked long ago. */
export interface PutMeta {
  readonly at: Date;
  readonly quiet: boolean;
}

/** An upsert's outcome: the document as the API shows it. */
interface PutOutcome {
  readonly created: boolean;
  readonly document: object;
}

/** One kind of clinic data: its body, and what can be done with it. The single calls and the batch use the same one. */
export interface Noun<Body> {
  readonly schema: ObjectSchema<Body>;
  readonly answer: Schema;
  /** Throws `AppError` for what is impossible here, such as an unknown reference. */
  put(key: string, body: Body, meta: PutMeta): Promise<PutOutcome>;
  get(key: string): Promise<object | null>;
}

/** A noun with a plain list. */
export interface ListedNoun<Body> extends Noun<Body> {
  list(query: PageQuery): Promise<Page<object>>;
}
