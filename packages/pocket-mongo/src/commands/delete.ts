import { failedToParse } from '../errors.ts';
import { type Variables, variablesOf } from '../expression/variables.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isNumeric } from '../values/value.ts';
import { checkFields } from './check-fields.ts';
import type { Command } from './command.ts';
import { docField, docsField, flagField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';
import { remove } from './remove.ts';
import type { Target } from './target.ts';
import { writeErrors, writeList } from './write-list.ts';

function targetOf(doc: Doc, namespace: string, variables: Variables): Target {
  checkFields(doc, 'delete.deletes', ['q', 'limit', 'hint'], ['collation', 'sampleId']);
  const limit = field(doc, 'limit');
  const most = isNumeric(limit) ? toDouble(limit) : Number.NaN;
  if (most !== 0 && most !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(most)}`);
  const filter = docField(doc, 'q', 'delete.deletes') ?? {};
  return { namespace, filter, multi: most === 0, hint: hintField(doc), variables };
}

/** Removes documents. */
export const DELETE: Command = {
  name: 'delete',
  access: 'write',
  fields: ['deletes', 'ordered', 'let', 'bypassDocumentValidation', 'stmtId', 'stmtIds'],
  refused: ['isTimeseriesNamespace', 'encryptionInformation'],
  *run(request, context) {
    const namespace = namespaceOf(request, context);
    const ordered = flagField(request, 'ordered', 'delete') !== false;
    const variables = variablesOf(docField(request, 'let', 'delete'));
    let n = 0;
    const errors = yield* writeList(docsField(request, 'deletes', 'delete'), ordered, function* (doc) {
      const { deleted } = yield* remove(context, targetOf(doc, namespace, variables));
      n += deleted;
    });
    return { n, ...writeErrors(errors) };
  },
};
