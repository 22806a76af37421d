import { join } from 'node:path';
import { openStore } from '../../src/server/open-store.ts';
import { PocketServer } from '../../src/server/pocket-server.ts';
import { DiskFullError, type Kv } from '../../src/storage/kv.ts';
import { Store } from '../../src/storage/store.ts';

/** A disk that a test may fill, and whose syncs after a move of the log it may hold up or let fail. */
interface Disk {
  full: boolean;
  sync(): Promise<void>;
}

/** A server in this process on such a disk. */
export interface FullDiskServer {
  readonly uri: string;
  readonly disk: Disk;
  close(): Promise<void>;
}

/** What SQLite does with a commit that finds no room (shown on a real disk by `bench/faults.ts`): it rolls back. */
function onDisk(kv: Kv, disk: Disk): Kv {
  const commit = (): void => {
    if (!disk.full) {
      kv.commit();
      return;
    }
    kv.rollback();
    throw new DiskFullError('the disk is full, nothing was written');
  };
  const settle = async (): Promise<void> => {
    await disk.sync();
    await kv.settle();
  };
  return new Proxy(kv, {
    get(target, name) {
      if (name === 'commit') return commit;
      if (name === 'settle') return settle;
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
  const disk: Disk = { full: false, sync: async () => undefined };
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
