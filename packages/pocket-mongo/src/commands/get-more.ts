import { Long } from 'bson';
import { badValue, MongoError } from '../errors.ts';
import { toInteger } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { field, isNumeric, type Value } from '../values/value.ts';
import { answerNext } from './batch.ts';
import { type Command, subjectOf } from './command.ts';
import { limitField, listField } from './fields.ts';

function cursorId(value: Value, where: string): number {
  if (!isNumeric(value))
    throw new MongoError(14, `BSON field '${where}' is the wrong type '${typeName(value)}', expected type 'long'`);
  return toInteger(value) ?? 0;
}

/** The next batch of a cursor. */
export const GET_MORE: Command = {
  name: 'getMore',
  access: 'read',
  fields: ['collection', 'batchSize'],
  refused: ['term', 'lastKnownCommittedOpTime'],
  *run(request, context) {
    const subject = subjectOf(request);
    const id = cursorId(subject, 'getMore.getMore');
    const name = field(request, 'collection');
    if (typeof name !== 'string') throw badValue('getMore needs the name of a collection');
    const cursor = context.cursors.get(id);
    if (!cursor) throw new MongoError(43, `cursor id ${show(subject)} not found`);
    const namespace = `${context.db}.${name}`;
    if (cursor.namespace !== namespace)
      throw new MongoError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    try {
      cursor.checkAlive(context.store);
      return yield* answerNext(context, id, cursor, limitField(request, 'batchSize', 'getMore'));
    } catch (error) {
      context.cursors.end(id);
      throw error;
    }
  },
};

/** Ends cursors, on whichever connection they were opened. */
export const KILL_CURSORS: Command = {
  name: 'killCursors',
  access: 'none',
  fields: ['cursors'],
  run: (request, { cursors }) => {
    const cursorsKilled: Value[] = [];
    const cursorsNotFound: Value[] = [];
    for (const value of listField(request, 'cursors', 'killCursors')) {
      const id = cursorId(value, 'killCursors.cursors');
      (cursors.end(id) ? cursorsKilled : cursorsNotFound).push(Long.fromNumber(id));
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};
