import { withIdFirst } from '../update/upsert.ts';
import type { Command } from './command.ts';
import { docsField, flagField } from './fields.ts';
import { existingOrNew, namespaceOf } from './namespace.ts';
import { writeErrors, writeList } from './write-list.ts';

/** Adds documents. */
export const INSERT: Command = {
  name: 'insert',
  access: 'write',
  fields: ['documents', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds'],
  refused: ['isTimeseriesNamespace', 'encryptionInformation'],
  *run(request, context) {
    const documents = docsField(request, 'documents', 'insert');
    const ordered = flagField(request, 'ordered', 'insert') !== false;
    const namespace = namespaceOf(request, context);
    existingOrNew(context, namespace);
    const errors = yield* writeList(documents, ordered, (doc) => {
      existingOrNew(context, namespace).insert(withIdFirst(doc));
      return undefined;
    });
    const done = ordered ? (errors.at[0] ?? documents.length) : documents.length - errors.length;
    return { n: done, ...writeErrors(errors) };
  },
};
