import type { Doc, Value } from '../values/value.ts';

/** Where `$lookup` finds the documents of other collections: `database.collection`, with a filter to be applied. */
export interface StageSource {
  documents(namespace: string, filter: Doc | undefined): Iterable<Doc>;
}

/** One stage of a pipeline, ready to run; it takes documents as they are asked for. */
export type Stage = (docs: Iterable<Doc>, source: StageSource) => Iterable<Doc>;

/** What a stage needs to know of the command it belongs to. */
export interface StageContext {
  readonly db: string;
  readonly variables: Readonly<Record<string, Value>>;
}
