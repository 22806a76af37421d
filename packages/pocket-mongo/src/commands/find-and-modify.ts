import { failedToParse } from '../errors.ts';
import { variablesOf } from '../expression/variables.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { type Project, parseProjection } from '../query/projection.ts';
import { sortField } from '../query/sort-order.ts';
import { type Doc, field } from '../values/value.ts';
import { change } from './change.ts';
import type { Command, CommandContext } from './command.ts';
import { docField, flagField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';
import { remove } from './remove.ts';
import type { Target } from './target.ts';

interface Wish {
  readonly target: Target;
  readonly project: Project;
  readonly removes: boolean;
  readonly returnsNew: boolean;
  readonly upsert: boolean;
}

function wishOf(request: Doc, context: CommandContext): Wish {
  const flag = (name: string): boolean => flagField(request, name, 'findAndModify') === true;
  const removes = flag('remove');
  const hasUpdate = Object.hasOwn(request, 'update');
  if (removes && hasUpdate) throw failedToParse('Cannot specify both an update and remove=true');
  if (removes && flag('upsert')) throw failedToParse('Cannot specify both upsert=true and remove=true');
  if (removes && flag('new'))
    throw failedToParse("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  if (!removes && !hasUpdate) throw failedToParse('Either an update or remove=true must be specified');
  const filter = docField(request, 'query', 'findAndModify') ?? {};
  const variables = variablesOf(docField(request, 'let', 'findAndModify'));
  const match = parseFilterField(filter, 'findAndModify.query', variables);
  const project = parseProjection(field(request, 'fields'), { aggregation: false, match, variables });
  const sort = sortField(field(request, 'sort') ?? undefined);
  const namespace = namespaceOf(request, context);
  return {
    target: { namespace, filter, multi: false, sort, hint: hintField(request), variables },
    project: project ?? ((doc) => doc),
    removes,
    returnsNew: flag('new'),
    upsert: flag('upsert'),
  };
}

/** Changes or removes one document and answers with it. */
export const FIND_AND_MODIFY: Command = {
  name: 'findAndModify',
  access: 'write',
  fields: [
    ...['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'arrayFilters', 'hint', 'let'],
    ...['bypassDocumentValidation', 'stmtId'],
  ],
  refused: ['collation', 'isTimeseriesNamespace', 'encryptionInformation', 'sampleId'],
  *run(request, context) {
    const { target, project, removes, returnsNew, upsert } = wishOf(request, context);
    if (removes) {
      const { deleted, last } = yield* remove(context, target);
      return { lastErrorObject: { n: deleted }, value: last ? project(last) : null };
    }
    const { matched, inserted, before, after } = yield* change(context, {
      ...target,
      update: field(request, 'update'),
      arrayFilters: field(request, 'arrayFilters'),
      upsert,
    });
    const shown = returnsNew ? (inserted ?? after) : before;
    const lastErrorObject: Doc = { n: matched + (inserted ? 1 : 0), updatedExisting: matched > 0 };
    if (inserted) lastErrorObject['upserted'] = field(inserted, '_id');
    return { lastErrorObject, value: shown ? project(shown) : null };
  },
};
