import { join } from 'node:path';
import { openStore } from '../../src/server/open-store.ts';
import { PocketServer } from '../../src/server/pocket-server.ts';
import { DiskFullError, type Kv } from '../../src/storage/kv.ts';
import { Store } from '../../src/storage/store.ts';

/** A server in this process whose disk a test may fill. */
export interface FullDiskServer {
  readonly uri: string;
  readonly disk: { full: boolean };
  close(): Promise<void>;
}

/** What SQLite does with a commit that finds no room (shown on a real disk by `bench/faults.ts`): it rolls back. */
function onDisk(kv: Kv, disk: { readonly full: boolean }): Kv {
  const commit = (): void => {
    if (!disk.full) {
      kv.commit();
      return;
    }
    kv.rollback();
    throw new DiskFullError('the disk is full, nothing was written');
  };
  return new Proxy(kv, {
    get(target, name) {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args);
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** Starts the server on a folder. */
export async function startFullDiskServer(dbPath: string): Promise<FullDiskServer> {
  const { kv } = await openStore(dbPath, 0);
  const disk = { full: false };
  const socketPath = join(dbPath, 'full.sock');
  const server = new PocketServer({
    store: new Store(onDisk(kv, disk)),
    addresses: [{ socketPath }],
    ttlIntervalMs: 60_000,
    log: () => undefined,
  });
  await server.listen();
  return {
    uri: `mongodb://${encodeURIComponent(socketPath)}/clinic?directConnection=true`,
    disk,
    close: () => server.close(),
  };
}
