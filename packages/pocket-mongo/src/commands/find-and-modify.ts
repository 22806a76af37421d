import { failedToParse } from '../errors.ts';
import { variablesOf } from '../expression/variables.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { type Project, parseProjection } from '../query/projection.ts';
import { sortField } from '../query/sort-order.ts';
import { type Doc, field } from '../values/value.ts';
import { type Reply, ValueReply } from '../wire/cursor-reply.ts';
import { change } from './change.ts';
import type { Command, CommandContext } from './command.ts';
import { docField, flagField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';
import { remove } from './remove.ts';
import type { Target } from './target.ts';

/** A document to answer with, and its bytes where they are known. */
interface Shown {
  readonly doc: Doc;
  readonly bytes?: Uint8Array;
}

interface Wish {
  readonly target: Target;
  /** Undefined when the whole document is wanted. */
  readonly project: Project | undefined;
  readonly removes: boolean;
  readonly returnsNew: boolean;
  readonly upsert: boolean;
}

const isOn = (request: Doc, name: string): boolean => flagField(request, name, 'findAndModify') === true;

function wishOf(request: Doc, context: CommandContext): Wish {
  const removes = isOn(request, 'remove');
  const hasUpdate = Object.hasOwn(request, 'update');
  if (removes && hasUpdate) throw failedToParse('Cannot specify both an update and remove=true');
  if (removes && isOn(request, 'upsert')) throw failedToParse('Cannot specify both upsert=true and remove=true');
  if (removes && isOn(request, 'new'))
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
    project,
    removes,
    returnsNew: isOn(request, 'new'),
    upsert: isOn(request, 'upsert'),
  };
}

/** The old document goes out as it was stored, where no other form of it is wanted. */
function answer(shown: Shown | undefined, project: Project | undefined, lastErrorObject: Doc): Reply {
  if (!shown) return { lastErrorObject, value: null };
  if (!project && shown.bytes) return new ValueReply(shown.bytes, { lastErrorObject });
  return { lastErrorObject, value: project ? project(shown.doc) : shown.doc };
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
      return answer(last, project, { n: deleted });
    }
    const { matched, inserted, before, after } = yield* change(context, {
      ...target,
      update: field(request, 'update'),
      arrayFilters: field(request, 'arrayFilters'),
      upsert,
    });
    const shown = returnsNew ? (inserted ? { doc: inserted } : after) : before;
    const lastErrorObject: Doc = { n: matched + (inserted ? 1 : 0), updatedExisting: matched > 0 };
    if (inserted) lastErrorObject['upserted'] = field(inserted, '_id');
    return answer(shown, project, lastErrorObject);
  },
};
