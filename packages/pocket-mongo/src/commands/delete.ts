import { failedToParse } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isNumeric } from '../values/value.ts';
import { checkFields } from './check-fields.ts';
import type { Command } from './command.ts';
import { docField, docsField, flagField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';
import { remove } from './remove.ts';
import type { Target } from './target.ts';
import { writeErrors, writeList } from './write-list.ts';

function targetOf(doc: Doc, namespace: string): Target {
  checkFields(doc, 'delete.deletes', ['q', 'limit', 'hint'], ['collation', 'sampleId']);
  const limit = field(doc, 'limit');
  const most = isNumeric(limit) ? toDouble(limit) : Number.NaN;
  if (most !== 0 && most !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(most)}`);
  const filter = docField(doc, 'q', 'delete.deletes') ?? {};
  return { namespace, filter, multi: most === 0, hint: hintField(doc) };
}

/** Removes documents. */
export const DELETE: Command = {
  name: 'delete',
  access: 'write',
  fields: ['deletes', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'],
  refused: ['let', 'isTimeseriesNamespace', 'encryptionInformation'],
  *run(request, context) {
    const namespace = namespaceOf(request, context);
    const ordered = flagField(request, 'ordered', 'delete') !== false;
    let n = 0;
    const errors = yield* writeList(docsField(request, 'deletes', 'delete'), ordered, function* (doc) {
      const { deleted } = yield* remove(context, targetOf(doc, namespace));
      n += deleted;
    });
    return { n, ...writeErrors(errors) };
  },
};
