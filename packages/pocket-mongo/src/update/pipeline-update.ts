import { compileReshape, RESHAPING } from '../aggregation/reshape.ts';
import { MongoError } from '../errors.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';

/** Reads an update pipeline; only stages that make one document of one are allowed in it. */
export function parseUpdatePipeline(
  stages: readonly Value[],
  variables: Readonly<Record<string, Value>>,
): (doc: Doc) => Doc {
  const steps = stages.map((stage) => {
    const [name = '', ...more] = isDoc(stage) ? Object.keys(stage) : [];
    if (!isDoc(stage) || more.length > 0 || name === '')
      throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    if (!RESHAPING.has(name)) throw new MongoError(72, `${name} is not allowed to be used within an update`);
    return compileReshape(name, field(stage, name), variables);
  });
  return (doc) => steps.reduce((current, step) => step(current), doc);
}
