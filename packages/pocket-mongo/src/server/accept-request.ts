import { checkFields } from '../commands/check-fields.ts';
import type { Command } from '../commands/command.ts';
import { commandNamed } from '../commands/command-table.ts';
import { badValue, MongoError } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isDoc, isNumeric } from '../values/value.ts';

/** A command that may be run. */
export interface Accepted {
  readonly command: Command;
  readonly request: Doc;
  readonly db: string;
  readonly maxTimeMs: number | undefined;
}

/** What only a replica set can do is refused as by a mongod that stands alone. */
function refuseReplication(request: Doc): void {
  if (Object.hasOwn(request, 'txnNumber') || Object.hasOwn(request, 'autocommit'))
    throw new MongoError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  const concern = field(request, 'readConcern');
  const level = isDoc(concern) ? field(concern, 'level') : undefined;
  if (level === 'linearizable' || level === 'snapshot')
    throw new MongoError(123, `node needs to be a replica set member to use readConcern: ${level}`);
  const writeConcern = field(request, 'writeConcern');
  const w = isDoc(writeConcern) ? field(writeConcern, 'w') : undefined;
  if (isNumeric(w) && toDouble(w) > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
}

/** Finds the command of a request and checks what is the same for all commands. Throws MongoDB's errors. */
export function acceptRequest(request: Doc): Accepted {
  const [name = ''] = Object.keys(request);
  const db = field(request, '$db');
  if (typeof db !== 'string') throw new MongoError(40571, 'OP_MSG requests require a $db argument');
  if (db === '' || /[/\\. "$\0]/.test(db)) throw new MongoError(73, `Invalid database name: '${db}'`);
  const command = commandNamed(name);
  refuseReplication(request);
  checkFields(request, command.name, command.fields, command.refused, 1);
  const maxTime = field(request, 'maxTimeMS');
  const maxTimeMs = isNumeric(maxTime) ? toDouble(maxTime) || undefined : undefined;
  return { command, request, db, maxTimeMs };
}
