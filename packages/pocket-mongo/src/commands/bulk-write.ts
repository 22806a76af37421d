import { badValue, failedToParse, MongoError, notImplemented } from '../errors.ts';
import { type Variables, variablesOf } from '../expression/variables.ts';
import { Cursor } from '../server/cursor-table.ts';
import { withIdFirst } from '../update/upsert.ts';
import { encode } from '../values/codec.ts';
import { toInteger } from '../values/number.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';
import { answerFirst, sourceOf } from './batch.ts';
import { change } from './change.ts';
import { checkFields } from './check-fields.ts';
import type { Command, CommandContext, Work } from './command.ts';
import { countField, docField, docsField, flagField, hintField, textField } from './fields.ts';
import { checkNamespace, existingOrNew } from './namespace.ts';
import { remove } from './remove.ts';
import { writeList } from './write-list.ts';

const REFUSED = ['collation', 'constants', 'sampleId', 'upsertSupplied', 'return', 'returnFields'];

interface Totals {
  nInserted: number;
  nMatched: number;
  nModified: number;
  nUpserted: number;
  nDeleted: number;
}

function namespaceAt(index: Value, namespaces: readonly string[]): string {
  const at = isNumeric(index) ? toInteger(index) : undefined;
  const namespace = at === undefined ? undefined : namespaces[at];
  if (namespace === undefined) throw badValue(`BulkWrite ops entry has an invalid nsInfo index.`);
  return namespace;
}

const flag = (op: Doc, name: string): boolean => flagField(op, name, 'bulkWrite.ops') === true;
const filterOf = (op: Doc): Doc => docField(op, 'filter', 'bulkWrite.ops') ?? {};

function insert(context: CommandContext, op: Doc, namespace: string, totals: Totals): Doc {
  checkFields(op, 'insert', ['insert', 'document']);
  const document = field(op, 'document');
  if (!isDoc(document)) throw new MongoError(14, "BSON field 'insert.document' must be an object");
  existingOrNew(context, namespace).insert(withIdFirst(document));
  totals.nInserted++;
  return { n: 1 };
}

function* update(context: CommandContext, op: Doc, namespace: string, totals: Totals, variables: Variables): Work<Doc> {
  checkFields(
    op,
    'update',
    ['update', 'filter', 'multi', 'updateMods', 'upsert', 'arrayFilters', 'hint', 'sort'],
    REFUSED,
  );
  const multi = flag(op, 'multi');
  const sort = docField(op, 'sort', 'bulkWrite.ops');
  if (multi && sort) throw failedToParse('Cannot specify sort with multi=true');
  const { matched, modified, inserted } = yield* change(context, {
    namespace,
    filter: filterOf(op),
    multi,
    sort,
    hint: hintField(op),
    update: field(op, 'updateMods'),
    arrayFilters: field(op, 'arrayFilters'),
    variables,
    upsert: flag(op, 'upsert'),
  });
  totals.nMatched += matched;
  totals.nModified += modified;
  if (!inserted) return { n: matched, nModified: modified };
  totals.nUpserted++;
  return { n: 1, nModified: 0, upserted: { _id: field(inserted, '_id') } };
}

function* deletion(
  context: CommandContext,
  op: Doc,
  namespace: string,
  totals: Totals,
  variables: Variables,
): Work<Doc> {
  checkFields(op, 'delete', ['delete', 'filter', 'multi', 'hint'], REFUSED);
  const { deleted } = yield* remove(context, {
    namespace,
    filter: filterOf(op),
    multi: flag(op, 'multi'),
    hint: hintField(op),
    variables,
  });
  totals.nDeleted += deleted;
  return { n: deleted };
}

/** Inserts, updates and deletes of several collections in one command (MongoDB 8.0). */
export const BULK_WRITE: Command = {
  name: 'bulkWrite',
  access: 'write',
  fields: [
    ...['ops', 'nsInfo', 'ordered', 'errorsOnly', 'let', 'bypassDocumentValidation', 'cursor', 'stmtId', 'stmtIds'],
  ],
  *run(request, context) {
    if (context.db !== 'admin') throw new MongoError(13, 'bulkWrite may only be run against the admin database.');
    const namespaces = docsField(request, 'nsInfo', 'bulkWrite').map((info) =>
      checkNamespace(textField(info, 'ns', 'bulkWrite.nsInfo')),
    );
    const ordered = flagField(request, 'ordered', 'bulkWrite') !== false;
    const errorsOnly = flagField(request, 'errorsOnly', 'bulkWrite') === true;
    const variables = variablesOf(docField(request, 'let', 'bulkWrite'));
    const totals: Totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    const results = new Map<number, Doc>();
    const errors = yield* writeList(docsField(request, 'ops', 'bulkWrite'), ordered, function* (op, idx) {
      const [kind = ''] = Object.keys(op);
      const namespace = namespaceAt(field(op, kind), namespaces);
      const result =
        kind === 'insert'
          ? insert(context, op, namespace, totals)
          : kind === 'update'
            ? yield* update(context, op, namespace, totals, variables)
            : kind === 'delete'
              ? yield* deletion(context, op, namespace, totals, variables)
              : undefined;
      if (!result) throw notImplemented(`bulkWrite: ${kind}`);
      if (!errorsOnly) results.set(idx, { ok: 1, idx, ...result });
    });
    for (const [i, error] of errors.entries()) {
      const idx = errors.at[i] ?? 0;
      results.set(idx, { ok: 0, idx, code: error.code, errmsg: error.message, ...error.extra, n: 0 });
    }
    const listed = [...results].sort(([a], [b]) => a - b).map(([, result]) => encode(result));
    const cursor = new Cursor('admin.$cmd.bulkWrite', sourceOf(listed));
    const batchSize = countField(docField(request, 'cursor', 'bulkWrite') ?? {}, 'batchSize', 'bulkWrite.cursor');
    return yield* answerFirst(context, cursor, {
      batchSize: batchSize ?? Number.POSITIVE_INFINITY,
      limit: listed.length,
      more: { nErrors: errors.length, ...totals },
    });
  },
};
