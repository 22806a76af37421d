import { badValue, failedToParse } from '../errors.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';

/** Tests an array's element against the filter of one identifier. */
export type ElementTest = (element: Value) => boolean;

function identifiersOf(filter: Doc): string[] {
  return Object.keys(filter).flatMap((name) => {
    const value = field(filter, name);
    if (!name.startsWith('$')) return [name.split('.')[0] ?? ''];
    return Array.isArray(value) ? value.flatMap((part) => (isDoc(part) ? identifiersOf(part) : [])) : [];
  });
}

/** Reads the `arrayFilters` of an update: identifier → test (manual: "Filtered Positional Operator"). */
export function parseArrayFilters(list: Value): ReadonlyMap<string, ElementTest> {
  const tests = new Map<string, ElementTest>();
  if (list === undefined) return tests;
  if (!Array.isArray(list)) throw failedToParse('arrayFilters must be an array');
  for (const filter of list) {
    if (!isDoc(filter)) throw failedToParse(`Array filter must be an object: ${show(filter)}`);
    const match = parseFilter(filter);
    const [identifier, other] = [...new Set(identifiersOf(filter))];
    if (identifier === undefined)
      throw failedToParse(`Cannot use an expression without a top-level field name in arrayFilters`);
    if (other !== undefined)
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${identifier}' and '${other}'`,
      );
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier))
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      );
    if (tests.has(identifier))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${identifier}`);
    tests.set(identifier, (element) => match.test({ [identifier]: element }));
  }
  return tests;
}
