import { badValue, failedToParse, MongoError } from '../errors.ts';
import type { Variables } from '../expression/variables.ts';
import { show } from '../values/show.ts';
import { copyOf, type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { type ElementTest, parseArrayFilters } from './array-filters.ts';
import { ARRAY_OPERATORS } from './array-operators.ts';
import { editAt } from './edit.ts';
import { type FieldChange, KEEP, type ParseChange } from './field-change.ts';
import { checkPath, dollarPrefixed, FIELD_OPERATORS, notADocument } from './field-operators.ts';
import { parseUpdatePipeline } from './pipeline-update.ts';
import { isPositional, plainPaths } from './positions.ts';
import { applyRename, parseRename } from './rename.ts';

/** What an update needs to know of the moment it runs in. */
interface UpdateContext {
  /** The element of an array that the query matched, for `$`. */
  readonly position?: (() => number | undefined) | undefined;
  /** True when the document is being made by an upsert. */
  readonly inserting: boolean;
}

/** An update ready to be applied to any number of documents. */
export interface Update {
  readonly kind: 'replacement' | 'operators' | 'pipeline';
  /** The document as it is after the update; the one given stays as it was. */
  apply(doc: Doc, context: UpdateContext): Doc;
}

/** One step of an operator update. */
interface Step {
  readonly path: string;
  readonly parts: readonly string[];
  readonly onlyOnInsert: boolean;
  readonly edit: FieldChange;
  /** Where `$rename` moves the field to. */
  readonly renameTo?: readonly string[];
}

const UNTOUCHED: FieldChange = { creates: false, change: () => KEEP };

const OPERATORS: Readonly<Record<string, ParseChange>> = { ...FIELD_OPERATORS, ...ARRAY_OPERATORS };

function comparePaths(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    if (left === right) continue;
    if (/^\d+$/.test(left) && /^\d+$/.test(right)) return Number(left) - Number(right);
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** Two paths of one update may not be the same nor one inside the other. */
function checkConflicts(paths: readonly (readonly string[])[]): void {
  const known = new Map<string, boolean>();
  for (const parts of paths) {
    const path = parts.join('.');
    for (let i = 1; i <= parts.length; i++) {
      const part = parts.slice(0, i).join('.');
      const ends = known.get(part);
      if (ends === true || (ends === false && i === parts.length))
        throw new MongoError(40, `Updating the path '${path}' would create a conflict at '${part}'`);
    }
    for (let i = 1; i < parts.length; i++) known.set(parts.slice(0, i).join('.'), false);
    known.set(path, true);
  }
}

function parseSteps(update: Doc): Step[] {
  const steps: Step[] = [];
  for (const operator of Object.keys(update)) {
    const argument = field(update, operator);
    const parse = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (!parse && operator !== '$rename')
      throw failedToParse(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (!isDoc(argument)) throw notADocument(operator, argument);
    for (const path of Object.keys(argument)) {
      checkPath(path);
      if (!parse) {
        const renameTo = parseRename(path, field(argument, path));
        steps.push({ path, parts: path.split('.'), onlyOnInsert: false, edit: UNTOUCHED, renameTo });
        continue;
      }
      const edit = parse(field(argument, path), path);
      steps.push({ path, parts: path.split('.'), onlyOnInsert: operator === '$setOnInsert', edit });
    }
  }
  const [only] = steps;
  if (only && steps.length === 1 && !only.renameTo) return steps;
  checkConflicts(steps.flatMap(({ parts, renameTo }) => (renameTo ? [parts, renameTo] : [parts])));
  return steps.sort((a, b) => comparePaths(a.parts, b.parts));
}

function checkIdentifiers(update: Doc, steps: readonly Step[], filters: ReadonlyMap<string, ElementTest>): void {
  const used = new Set<string>();
  for (const { path, parts } of steps)
    for (const part of parts) {
      if (!/^\$\[.+\]$/.test(part)) continue;
      const identifier = part.slice(2, -1);
      if (!filters.has(identifier))
        throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
      used.add(identifier);
    }
  for (const identifier of filters.keys())
    if (!used.has(identifier))
      throw failedToParse(`The array filter for identifier '${identifier}' was not used in the update ${show(update)}`);
}

function operatorUpdate(update: Doc, arrayFilters: Value): Update {
  const filters = parseArrayFilters(arrayFilters);
  const steps = parseSteps(update);
  checkIdentifiers(update, steps, filters);
  return {
    kind: 'operators',
    apply: (doc, { position, inserting }) => {
      const out = copyOf(doc);
      for (const { path, parts, edit, onlyOnInsert, renameTo } of steps) {
        if (onlyOnInsert && !inserting) continue;
        if (path.startsWith('$') && edit.creates && !inserting) throw dollarPrefixed(path);
        if (renameTo) {
          applyRename(out, parts, renameTo);
          continue;
        }
        if (!isPositional(parts)) {
          editAt(out, parts, edit);
          continue;
        }
        const matched = parts.includes('$') ? position?.() : undefined;
        for (const plain of plainPaths(out, parts, matched, filters)) editAt(out, plain, edit);
      }
      return out;
    },
  };
}

function replacement(update: Doc, arrayFilters: Value): Update {
  if (arrayFilters !== undefined)
    throw failedToParse('arrayFilters may not be specified for replacement-style updates');
  for (const name of Object.keys(update))
    if (name.startsWith('$'))
      throw new MongoError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  return {
    kind: 'replacement',
    apply: (doc) => {
      const id = Object.hasOwn(update, '_id') ? field(update, '_id') : field(doc, '_id');
      const out: Doc = id === undefined ? {} : { _id: id };
      for (const name of Object.keys(update)) if (name !== '_id') setField(out, name, copyOf(field(update, name)));
      return out;
    },
  };
}

/** Reads an update: operators, a whole new document, or a pipeline. Throws MongoDB's error for what it cannot be. */
export function parseUpdate(update: Value, arrayFilters?: Value, variables: Variables = {}): Update {
  if (Array.isArray(update)) {
    if (arrayFilters !== undefined) throw failedToParse('arrayFilters may not be specified for pipeline-syle updates');
    const run = parseUpdatePipeline(update, variables);
    return { kind: 'pipeline', apply: (doc) => run(copyOf(doc)) };
  }
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const [first] = Object.keys(update);
  return first?.startsWith('$') ? operatorUpdate(update, arrayFilters) : replacement(update, arrayFilters);
}
