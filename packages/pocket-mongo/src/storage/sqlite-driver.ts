/** The part of Node's `node:sqlite` that is used here; `@photostructure/sqlite` has the same. */
export interface SqliteStatement {
  run(...values: readonly unknown[]): { changes: number | bigint };
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): unknown[];
}

export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => SqliteDatabase;
}

const PACKAGED: string = '@photostructure/sqlite';
const BUILT_IN: string = 'node:sqlite';

/** Loads Node's own SQLite where it has one (22 and later), else the prebuilt package with the same interface. */
export async function loadSqlite(): Promise<SqliteModule> {
  const hasBuiltIn = Number(process.versions.node.split('.')[0]) >= 22;
  if (!hasBuiltIn) return (await import(PACKAGED)) as SqliteModule;
  const { emitWarning } = process;
  // Node 22 calls it experimental, on standard error, each time.
  process.emitWarning = () => undefined;
  try {
    return (await import(BUILT_IN)) as SqliteModule;
  } finally {
    process.emitWarning = emitWarning;
  }
}
