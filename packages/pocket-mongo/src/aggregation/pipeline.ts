import { MongoError, notImplemented } from '../errors.ts';
import type { Variables } from '../expression/variables.ts';
import { allOf, type Match } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { MISS } from '../read/source.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { compileCount, limiting, limitOf, skipOf, skipping } from './count.ts';
import { compileGroup } from './group.ts';
import { compileLookup } from './lookup.ts';
import { compileReshape, RESHAPING } from './reshape.ts';
import { checkedSort, compileSort } from './sort.ts';
import type { Flow, Stage, StageContext, StageSource } from './stage.ts';
import { STAGES_MISSING_HERE } from './stage-names.ts';
import { compileUnwind } from './unwind.ts';

/** Where a running pipeline finds the documents of other collections. */
export type PipelineSource = StageSource;

/** An aggregation pipeline, ready to run. */
export interface Pipeline {
  /** The `$match` stages at the beginning as one filter; the caller applies it, `run` does not again. */
  readonly match: Match;
  /** The `$sort` after them, which the caller does too, and how many documents are wanted of it. */
  readonly sort: Doc | undefined;
  readonly limit: number | undefined;
  run(docs: Flow, source: PipelineSource): Flow;
}

interface Parsed {
  readonly name: string;
  readonly argument: Value;
}

function parse(stages: Value): Parsed[] {
  if (!Array.isArray(stages)) throw new MongoError(14, "'pipeline' option must be specified as an array");
  return stages.map((stage) => {
    if (!isDoc(stage)) throw new MongoError(14, "Each element of the 'pipeline' array must be an object");
    const [name, ...more] = Object.keys(stage);
    if (name === undefined || more.length > 0)
      throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    return { name, argument: field(stage, name) };
  });
}

function filterOf(argument: Value): Doc {
  if (!isDoc(argument)) throw new MongoError(15959, 'the match filter must be an expression in an object');
  return argument;
}

const sortOf = (stage: Parsed | undefined): Doc | undefined =>
  stage?.name === '$sort' ? checkedSort(stage.argument) : undefined;

function compileMatch(argument: Value, variables: Variables): Stage {
  const match = parseFilter(filterOf(argument), variables);
  return function* (docs) {
    for (const doc of docs) yield doc === MISS || match.test(doc) ? doc : MISS;
  };
}

/** How many documents the stages after a `$sort` can ask it for. */
function wanted(following: readonly Parsed[]): number | undefined {
  let skipped = 0;
  for (const { name, argument } of following) {
    if (name === '$limit') return skipped + limitOf(argument);
    if (name !== '$skip') return undefined;
    skipped += skipOf(argument);
  }
  return undefined;
}

function compileStage({ name, argument }: Parsed, following: readonly Parsed[], context: StageContext): Stage {
  if (RESHAPING.has(name)) {
    const reshape = compileReshape(name, argument, context.variables);
    return function* (docs) {
      for (const doc of docs) yield doc === MISS ? MISS : reshape(doc);
    };
  }
  switch (name) {
    case '$match':
      return compileMatch(argument, context.variables);
    case '$group':
      return compileGroup(argument, context);
    case '$sort':
      return compileSort(argument, wanted(following));
    case '$skip':
      return skipping(skipOf(argument));
    case '$limit':
      return limiting(limitOf(argument));
    case '$count':
      return compileCount(argument);
    case '$unwind':
      return compileUnwind(argument);
    case '$lookup':
      return compileLookup(argument, context);
    case '$changeStream':
      throw new MongoError(40573, 'The $changeStream stage is only supported on replica sets');
    default:
      if (STAGES_MISSING_HERE.has(name)) throw notImplemented(name);
      throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

/** Compiles an aggregation pipeline; throws MongoDB's error for one that it cannot be. */
export function compilePipeline(
  stages: Value,
  options: { readonly db: string; readonly variables?: Readonly<Record<string, Value>> },
): Pipeline {
  const parsed = parse(stages);
  const context: StageContext = { db: options.db, variables: options.variables ?? {} };
  const firstOther = parsed.findIndex(({ name }) => name !== '$match');
  const leading = firstOther < 0 ? parsed.length : firstOther;
  const filters = parsed.slice(0, leading).map(({ argument }) => filterOf(argument));
  const match = allOf(filters.map((filter) => parseFilter(filter, context.variables)));
  const sort = sortOf(parsed[leading]);
  const rest = parsed.slice(sort ? leading + 1 : leading);
  const compiled = rest.map((stage, i) => compileStage(stage, rest.slice(i + 1), context));
  return {
    match,
    sort,
    limit: sort && wanted(rest),
    run: (docs, source) => compiled.reduce<Flow>((current, stage) => stage(current, source), docs),
  };
}
