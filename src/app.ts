import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStaffCommands } from './admin/commands/staff-commands.ts';
import { createConsolePlugin } from './admin/console/plugin.ts';
import type { DemoPorts } from './admin/dependencies.ts';
import { createLoopLag } from './admin/loop-lag.ts';
import { createReadiness } from './admin/readiness.ts';
import { callThrough } from './admin/sample/call-through.ts';
import { createDemoClinic } from './admin/sample/demo-clinic.ts';
import { nextMonday } from './admin/sample/sample-clinic.ts';
import { createServer } from './admin/server.ts';
import { createAttention } from './bots/attention.ts';
import { createEnclosures } from './bots/delivery/enclosures.ts';
import { createDelivery, type Delivery } from './bots/delivery.ts';
import { createDriver } from './bots/driver.ts';
import { createSpool } from './bots/inbound/spool.ts';
import { createInbound } from './bots/inbound.ts';
import { openChannels } from './bots/open-channels.ts';
import { createFrontDesk } from './bots/simulator/front-desk.ts';
import { createMovableClock } from './bots/simulator/movable-clock.ts';
import type { Config } from './config.ts';
import { createEngine } from './conversations/engine.ts';
import type { Follower } from './core/follower.ts';
import type { Receive } from './core/inbound.ts';
import type { TimedWork } from './core/timed-work.ts';
import { createRender, createSentence, loadDictionaries } from './i18n.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { startEmbeddedStore } from './models/embedded-store.ts';
import { openStores } from './models/stores.ts';
import { createAgenda } from './scenarios/agenda.ts';
import { createCards } from './scenarios/cards.ts';
import { repeatableAfterUnknown } from './scenarios/catalogue.ts';
import { createDecider } from './scenarios/decider.ts';
import { createOffers } from './scenarios/offers.ts';
import { createPlanner } from './scenarios/planner.ts';
import { createPreviewer } from './scenarios/preview.ts';
import { createWhy } from './scenarios/why.ts';
import {
  chance,
  createLateClock,
  createNewId,
  every,
  hashToken,
  monotonicMs,
  newToken,
  pause,
  systemClock,
  wallClock,
} from './system.ts';

type HttpServer = Awaited<ReturnType<typeof createServer>>;

/** The running service. */
export interface App {
  readonly server: HttpServer;
  /** Stops taking work, finishes what is under way, closes the database. */
  stop(): Promise<void>;
}

export interface AppOptions {
  /** Called at named stages; a test ends the process there, or blocks it. */
  readonly crash?: ((point: string) => void) | undefined;
  /** False: no port is opened and nothing is sent; for commands that only write. */
  readonly serve?: boolean;
  /** What patients say while the database is away is kept in the data folder. */
  readonly spool?: boolean;
}

/** Where the words are. */
export const LOCALES_FOLDER = fileURLToPath(new URL('../locales', import.meta.url));
const CONCURRENCY = 20;
const STOP_MS = 5_000;

/** Builds every object, hands it its ports and starts it. Rejects when the database or the port is not to be had. */
export async function startApp(config: Config, options: AppOptions = {}): Promise<App> {
  const log = createLog(config.logLevel, 'zabota');
  const { metrics, text: metricsText } = createMetrics({ process: true });
  const words = loadDictionaries(LOCALES_FOLDER);
  const render = await createRender(words);
  const newId = createNewId();
  const crash = options.crash === undefined ? {} : { crash: options.crash };

  const embedded = config.mongodbUri === null ? await startEmbeddedStore(config.dataDir) : null;
  const clock = createLateClock();
  const opened = await openStores({ uri: embedded?.uri ?? config.mongodbUri ?? '', clock, newId, log });
  const { stores } = opened;
  const startsAt = config.demo && config.sampleClinic ? nextMonday(systemClock.now()) : null;
  const movable = config.demo
    ? await createMovableClock({
        store: stores.simulator,
        real: systemClock,
        wall: wallClock,
        ...(startsAt === null ? {} : { start: startsAt }),
      })
    : null;
  clock.follow(movable ?? systemClock);

  const parts = { clock, wall: wallClock, newId, chance, pause, every, log };
  const { channels, set, pacing, hooks, simulator, templated, botName, showsNumbers } = openChannels({
    sentence: createSentence(words),
    secret: config.adminToken,
    settings: config.channels,
    demo: config.demo,
    stores,
    ...parts,
    settled: (at) => settled(at),
  });
  const { health } = set;

  const planner = createPlanner({ stores, health, clock, log });
  const decider = createDecider({ stores, health, render, log });
  const offers = createOffers({ stores, clock });
  const engine = createEngine({
    stores,
    sender: { enqueue: (rows) => delivery.sender.enqueue(rows) },
    render,
    clock,
    newId,
    log,
    metrics,
    staffHash: hashToken,
    showsNumbers,
    hasChannel: (name) => channels.has(name),
    ...crash,
  });
  const delivery: Delivery = createDelivery({
    outbox: stores.outbox,
    ledger: stores.ledger,
    identities: stores.identities,
    inbound: stores.inbound,
    parkedReceipts: stores.parkedReceipts,
    enclosures: createEnclosures(stores),
    conversations: engine.questions,
    replyLost: engine.replyLost,
    channels,
    pacing,
    decider,
    render,
    repeatable: repeatableAfterUnknown,
    zoneOf: async (branch) => (await stores.branches.get(branch))?.timezone ?? 'utc',
    clock,
    wall: wallClock,
    pause,
    newId,
    owner: newId(),
    exclusive: embedded !== null || config.demo,
    concurrency: config.demo ? 1 : CONCURRENCY,
    ...(!config.demo && { branches: async () => (await stores.branches.all()).map(({ id }) => id) }),
    log,
    metrics,
    ...crash,
  });
  const follower: Follower = {
    async appointmentChanged(event) {
      options.crash?.('plan:before');
      await planner.appointmentChanged(event);
      options.crash?.('plan:after');
      await engine.follower.appointmentChanged(event);
      await offers.appointmentChanged(event);
      await delivery.sender.flush();
      driver.poke();
    },
    async patientChanged(patient) {
      await planner.patientChanged(patient);
      driver.poke();
    },
    async settingsChanged(branch, scenario) {
      await planner.settingsChanged(branch, scenario);
      driver.poke();
    },
  };
  opened.follow(follower);
  const cards = createCards({ stores, health, render, follower, templated });
  const why = createWhy({ stores, health, render });
  const previewer = createPreviewer({ stores, health, render });
  const staffCommands = createStaffCommands({
    stores,
    cards,
    why,
    render,
    hashToken,
    takeCare: engine.takeCare,
    sender: delivery.sender,
    clock,
    poke: () => driver.poke(),
  });
  const handle: Receive = async (message) => {
    if (!(await staffCommands(message))) await engine.receive(message);
    await delivery.sender.flush();
  };
  const spool =
    options.spool === true ? await createSpool({ ...parts, folder: join(config.dataDir, 'spool'), id: newId() }) : null;
  const inbound = createInbound({ inbound: stores.inbound, spool, handle, clock, pause, log, metrics, ...crash });
  opened.beforeErasing(inbound.forgetChats);
  const settled = async (at: Parameters<typeof inbound.idle>[0]): Promise<void> => {
    await inbound.idle(at);
    await delivery.sender.flush();
  };

  const works: readonly TimedWork[] = [offers, engine.work, planner.birthdays, delivery.replies, delivery.work];
  const frontDesk =
    startsAt === null ? [] : [createFrontDesk({ appointments: stores.appointments, branches: stores.branches, clock })];
  const driver = createDriver({
    works,
    demoWorks: frontDesk,
    movable,
    clock,
    between: () => delivery.sender.flush(),
    every,
    log,
  });
  const { replay } = driver;
  const agenda =
    movable === null ? createAgenda({ db: opened.jobsDb(), works: [...works, ...planner.sweeps], clock, log }) : null;

  let filled = false;
  const lag = createLoopLag({ every, monotonicMs });
  const ready = createReadiness(lag.worstMs, {
    database: opened.ready,
    scheduler: () => agenda === null || agenda.healthy(),
    starting: () => filled,
  });
  const demoClinic =
    replay === null || movable === null
      ? null
      : createDemoClinic({
          store: stores.simulator,
          identities: stores.identities,
          replay,
          clock: movable,
          call: callThrough(() => server, config.adminToken),
          startsAt,
          realNow: systemClock.now,
        });
  const demo: DemoPorts | null =
    replay === null || simulator === null || demoClinic === null
      ? null
      : { replay, simulator, reset: demoClinic.reset };
  const server = await createServer(
    {
      stores,
      cards,
      why,
      previewer,
      inbox: engine.inbox,
      takeCare: engine.takeCare,
      desk: delivery,
      lookAtPlanned: decider.lookAtPlanned,
      render,
      health,
      channelControl: { ...set, purgeQueue: delivery.purgeQueue },
      ready,
      metrics,
      metricsText,
      clock,
      wall: wallClock,
      newId,
      newToken,
      hashToken,
      ownerToken: config.adminToken,
      botName,
      hooks,
      demo,
      log,
      poke: () => driver.poke(),
    },
    { host: config.host, port: config.port, console: createConsolePlugin({ demo: config.demo, words }) },
  );

  const attention = createAttention({
    demo: config.demo,
    inbound,
    health,
    follow: set.follow,
    outbox: stores.outbox,
    branches: stores.branches,
    memory: stores.channelMemory,
    sender: delivery.sender,
    render,
    clock,
    every,
    poke: () => driver.poke(),
    log,
  });
  const stop = async (): Promise<void> => {
    await server.stop({ timeout: STOP_MS });
    await agenda?.stop();
    await driver.stop();
    await set.stop();
    for (const part of [attention, lag, inbound]) part.stop();
    await inbound.allIdle();
    await delivery.stop();
    await opened.close();
    await embedded?.stop();
  };
  if (options.serve === false) return { server, stop };

  await server.start();
  log.info('listening', { port: server.info.port, demo: config.demo });
  await opened.catchUp();
  await delivery.takeOver();
  await engine.recover();
  await pacing.load();
  // Before anything new can come: a chat keeps its order. Answers wait for their channels.
  await inbound.recover();
  await set.start({
    // In the demo all that happens has the demo's time, also what a real platform brings.
    received: (message) => inbound.received(config.demo ? { ...message, at: clock.now() } : message),
    receipt: (receipt) => delivery.receipts(config.demo ? { ...receipt, at: clock.now() } : receipt),
    closed: (chat, at) => stores.identities.close(chat, config.demo ? clock.now() : (at ?? clock.now())),
  });
  await delivery.recover();
  await inbound.drainSpool();
  attention.start();
  await demoClinic?.fill();
  driver.start();
  await agenda?.start();
  filled = true;
  return { server, stop };
}
