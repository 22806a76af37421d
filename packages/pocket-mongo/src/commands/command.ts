import type { Reader } from '../read/open-source.ts';
import type { CursorTable } from '../server/cursor-table.ts';
import type { ServerFacts } from '../server/server-facts.ts';
import type { Doc, Value } from '../values/value.ts';
import type { Reply } from '../wire/cursor-reply.ts';

/** What a command may use. */
export interface CommandContext extends Reader {
  readonly cursors: CursorTable;
  readonly facts: ServerFacts;
  /** The database that the command is for. */
  readonly db: string;
  readonly connectionId: number;
  /** Does a little work after each commit, while no transaction is open, until it says that there is no more. */
  between(work: () => boolean): void;
}

/** Work that may be put aside at every yield; `wait` says that it cannot go on before others have. */
export type Work<T> = Generator<'wait' | undefined, T, undefined>;

/** One command of the server. */
export interface Command {
  /** As clients spell it. */
  readonly name: string;
  /** `write` runs in a transaction (each part of it in one, when it is put aside), `none` needs no data. */
  readonly access: 'read' | 'write' | 'none';
  /** The fields that it knows beside its name and those that all commands have; `any` takes whatever comes. */
  readonly fields: readonly string[] | 'any';
  /** Fields that MongoDB knows and this server refuses when they are set. */
  readonly refused?: readonly string[];
  run(request: Doc, context: CommandContext): Reply | Work<Reply>;
}

/** The value of the command's own field, its first. */
export const subjectOf = (request: Doc): Value => request[Object.keys(request)[0] ?? ''];
