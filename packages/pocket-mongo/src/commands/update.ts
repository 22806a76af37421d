import { failedToParse, MongoError } from '../errors.ts';
import { type Variables, variablesOf } from '../expression/variables.ts';
import { type Doc, field } from '../values/value.ts';
import { change, type UpdateStatement } from './change.ts';
import { checkFields } from './check-fields.ts';
import type { Command } from './command.ts';
import { docField, docsField, flagField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';
import { writeErrors, writeList } from './write-list.ts';

const STATEMENT = ['q', 'u', 'c', 'multi', 'upsert', 'hint', 'arrayFilters', 'sort'];

function statementOf(doc: Doc, namespace: string, variables: Variables): UpdateStatement {
  checkFields(doc, 'update.updates', STATEMENT, ['collation', 'upsertSupplied', 'sampleId']);
  const multi = flagField(doc, 'multi', 'update.updates') === true;
  const sort = docField(doc, 'sort', 'update.updates');
  const own = docField(doc, 'c', 'update.updates');
  if (multi && sort) throw failedToParse('Cannot specify sort with multi=true');
  if (!Object.hasOwn(doc, 'u'))
    throw new MongoError(40414, "BSON field 'update.updates.u' is missing but a required field");
  return {
    namespace,
    filter: docField(doc, 'q', 'update.updates') ?? {},
    update: field(doc, 'u'),
    arrayFilters: field(doc, 'arrayFilters'),
    variables: own ? { ...variables, ...variablesOf(own) } : variables,
    multi,
    upsert: flagField(doc, 'upsert', 'update.updates') === true,
    sort,
    hint: hintField(doc),
  };
}

/** Changes documents. */
export const UPDATE: Command = {
  name: 'update',
  access: 'write',
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let', 'stmtId', 'stmtIds'],
  refused: ['isTimeseriesNamespace', 'encryptionInformation'],
  *run(request, context) {
    const namespace = namespaceOf(request, context);
    const ordered = flagField(request, 'ordered', 'update') !== false;
    const variables = variablesOf(docField(request, 'let', 'update'));
    let n = 0;
    let nModified = 0;
    const upserted: Doc[] = [];
    const errors = yield* writeList(docsField(request, 'updates', 'update'), ordered, function* (doc, index) {
      const { matched, modified, inserted } = yield* change(context, statementOf(doc, namespace, variables));
      n += matched + (inserted ? 1 : 0);
      nModified += modified;
      if (inserted) upserted.push({ index, _id: field(inserted, '_id') });
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...writeErrors(errors) };
  },
};
