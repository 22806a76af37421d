import type { MISS } from '../read/source.ts';
import type { Doc, Value } from '../values/value.ts';

/** Documents on their way through a pipeline; MISS stands for a small piece of work that came to none. */
export type Flow = Iterable<Doc | typeof MISS>;

/** Where `$lookup` finds the documents of other collections: `database.collection`, with a filter to be applied. */
export interface StageSource {
  documents(namespace: string, filter: Doc | undefined): Flow;
}

/** One stage of a pipeline, ready to run; it takes documents as they are asked for. */
export type Stage = (docs: Flow, source: StageSource) => Flow;

/** What a stage needs to know of the command it belongs to. */
export interface StageContext {
  readonly db: string;
  readonly variables: Readonly<Record<string, Value>>;
}
