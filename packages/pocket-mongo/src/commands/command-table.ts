import { MongoError } from '../errors.ts';
import { AGGREGATE } from './aggregate.ts';
import { BACKUP } from './backup.ts';
import { BULK_WRITE } from './bulk-write.ts';
import { CREATE, DROP, LIST_COLLECTIONS, RENAME_COLLECTION } from './collections.ts';
import type { Command } from './command.ts';
import { COUNT } from './count.ts';
import { CREATE_INDEXES } from './create-indexes.ts';
import { DROP_DATABASE, LIST_DATABASES } from './databases.ts';
import { DELETE } from './delete.ts';
import { DISTINCT } from './distinct.ts';
import { FIND } from './find.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { GET_MORE, KILL_CURSORS } from './get-more.ts';
import { HELLO, IS_MASTER } from './hello.ts';
import { DROP_INDEXES, LIST_INDEXES } from './indexes.ts';
import { INSERT } from './insert.ts';
import { BUILD_INFO, CONNECTION_STATUS, GET_PARAMETER, PING, SERVER_STATUS, WHATS_MY_URI } from './server-commands.ts';
import { END_SESSIONS, KILL_SESSIONS, REFRESH_SESSIONS } from './session-commands.ts';
import { COLL_STATS, DB_STATS } from './stats.ts';
import { UPDATE } from './update.ts';

const COMMANDS: readonly Command[] = [
  ...[HELLO, IS_MASTER, PING, BUILD_INFO, SERVER_STATUS, CONNECTION_STATUS, WHATS_MY_URI, GET_PARAMETER],
  ...[END_SESSIONS, REFRESH_SESSIONS, KILL_SESSIONS],
  ...[INSERT, FIND, GET_MORE, KILL_CURSORS, UPDATE, DELETE, FIND_AND_MODIFY, BULK_WRITE, COUNT, DISTINCT, AGGREGATE],
  ...[CREATE, DROP, RENAME_COLLECTION, LIST_COLLECTIONS, LIST_DATABASES, DROP_DATABASE],
  ...[CREATE_INDEXES, LIST_INDEXES, DROP_INDEXES, COLL_STATS, DB_STATS, BACKUP],
];

const BY_NAME = new Map(COMMANDS.map((command) => [command.name, command]));
/** Old spellings that MongoDB still takes. */
const ALIASES: Readonly<Record<string, string>> = {
  ismaster: 'isMaster',
  buildinfo: 'buildInfo',
  findandmodify: 'findAndModify',
  dropindexes: 'dropIndexes',
  deleteIndexes: 'dropIndexes',
  collstats: 'collStats',
  dbstats: 'dbStats',
};

/** The command of a name; throws CommandNotFound in MongoDB's words. */
export function commandNamed(name: string): Command {
  const command = BY_NAME.get(Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name);
  if (!command) throw new MongoError(59, `no such command: '${name}'`);
  return command;
}
