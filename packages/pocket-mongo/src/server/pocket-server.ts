import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { Planner } from '../plan/planner.ts';
import type { Store } from '../storage/store.ts';
import { Connection } from './connection.ts';
import { CursorTable } from './cursor-table.ts';
import { Executor } from './executor.ts';
import { PageWatch } from './page-watch.ts';
import type { ServerFacts } from './server-facts.ts';
import { SlowScans } from './slow-scans.ts';
import { TurnTimes } from './turn-times.ts';
import { Upkeep } from './upkeep.ts';

/** Where clients connect. */
export type Address = { readonly host: string; readonly port: number } | { readonly socketPath: string };

export interface PocketServerOptions {
  readonly store: Store;
  readonly addresses: readonly Address[];
  /** Between two looks for documents that have expired. */
  readonly ttlIntervalMs: number;
  log(text: string): void;
}

const GRACE_MS = 2_000;
/** So many may come at once while the server is busy; beyond it a Unix socket refuses them (EAGAIN). */
const BACKLOG = 4_096;

const textOf = (address: Address): string =>
  'port' in address ? `${address.host}:${String(address.port)}` : address.socketPath;

async function listen(server: Server, address: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...('port' in address ? address : { path: address.socketPath }), backlog: BACKLOG }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  if ('socketPath' in address) chmodSync(address.socketPath, 0o600);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}

/** The open server: store, executor, sockets. */
export class PocketServer {
  readonly #options: PocketServerOptions;
  readonly #executor: Executor;
  readonly #upkeep: Upkeep;
  readonly #pageWatch: PageWatch | undefined;
  readonly #connections = new Set<Connection>();
  readonly #servers: Server[] = [];
  #lastConnection = 0;

  constructor(options: PocketServerOptions) {
    this.#options = options;
    const { store, log, addresses } = options;
    const planner = new Planner(store);
    const cursors = new CursorTable();
    const facts: ServerFacts = {
      startedAt: new Date(),
      address: addresses.map(textOf).join(','),
      scans: new SlowScans(log),
      turns: new TurnTimes(),
      connections: () => this.#connections.size,
    };
    this.#executor = new Executor({ store, planner, cursors, facts, log });
    this.#upkeep = new Upkeep({ store, cursors, executor: this.#executor, ttlIntervalMs: options.ttlIntervalMs });
    const { pages } = store.kv;
    this.#pageWatch = pages && new PageWatch(pages, (problem) => this.#executor.stop(problem));
  }

  /** Begins to listen; rejects when an address cannot be used. */
  async listen(): Promise<void> {
    for (const address of this.#options.addresses) {
      const server = createServer((socket) => {
        const connection = new Connection(++this.#lastConnection, socket, (task) => this.#executor.submit(task));
        this.#connections.add(connection);
        socket.on('close', () => this.#connections.delete(connection));
      });
      await listen(server, address);
      this.#servers.push(server);
    }
    this.#upkeep.start();
    this.#pageWatch?.start();
  }

  /** Takes no more commands, answers those that came, and closes the store. */
  async close(): Promise<void> {
    this.#upkeep.stop();
    this.#pageWatch?.stop();
    for (const server of this.#servers.splice(0)) server.close();
    for (const connection of this.#connections) connection.stopReading();
    await within(GRACE_MS, this.#executor.idle());
    await within(GRACE_MS, Promise.all([...this.#connections].map((connection) => connection.end())));
    this.#options.store.kv.close();
  }
}
