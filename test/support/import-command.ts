import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { runImport } from '../../src/admin/import/run-import.ts';
import type { AdminServer } from './admin-server.ts';

interface ImportRun {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export interface ImportCommand {
  /** Writes a file to import; its path. */
  file(name: string, content: string | Buffer): string;
  /** `npm run import --` with these words, on the test's server without a port. */
  run(...args: readonly string[]): Promise<ImportRun>;
  /** The same against whoever listens on a port. */
  runAt(port: number, adminToken: string, ...args: readonly string[]): Promise<ImportRun>;
  /** In-process services that were opened and not stopped. */
  open(): number;
}

const NOBODY_LISTENS = 1;

/** The import as a command, with a folder of its own for files. */
export function importCommand(admin: Pick<AdminServer, 'server' | 'clock'>): ImportCommand {
  const folder = mkdtempSync(join(tmpdir(), 'zabota-import-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let open = 0;
  const runAt: ImportCommand['runAt'] = async (port, adminToken, ...args) => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runImport(
      args,
      { host: '127.0.0.1', port, adminToken },
      { out: (line) => out.push(line), err: (line) => err.push(line) },
      {
        openInProcess: async () => {
          open += 1;
          return { server: admin.server, stop: async () => void (open -= 1) };
        },
        clock: admin.clock,
      },
    );
    return { code, out, err };
  };
  return {
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    run: (...args) => runAt(NOBODY_LISTENS, 'demo', ...args),
    runAt,
    open: () => open,
  };
}
