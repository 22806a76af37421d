import type { mongo } from 'mongoose';
import { refusalKey } from '../core/address.ts';
import type { Clock, NewId } from '../core/clock.ts';
import type { Follower } from '../core/follower.ts';
import type { Log } from '../core/log.ts';
import type { Stores } from '../core/stores.ts';
import { createAppointmentStore } from './appointments.ts';
import { createBranchStore } from './branches.ts';
import { createChangeStore } from './changes.ts';
import { createChannelMemory } from './channel-memory.ts';
import { buildIndexes, connect } from './connection.ts';
import { createConversationStore } from './conversations.ts';
import { createDoctorStore } from './doctors.ts';
import { createErasure, type ErasesChats } from './erasure.ts';
import { guarded } from './failures.ts';
import { createIdentityStore } from './identities.ts';
import { createInboundStore } from './inbound-messages.ts';
import { createKillSwitchStore } from './kill-switch.ts';
import { createLedgerStore } from './ledger.ts';
import { createLinkTokenStore } from './link-tokens.ts';
import { createOutboxStore } from './outbox.ts';
import { createPaceStore } from './pace-store.ts';
import { createParkedReceipts } from './parked-receipts.ts';
import { createPatientStore } from './patients.ts';
import { createRefusalStore } from './refusals.ts';
import { createServiceStore } from './services.ts';
import { createSimulatorStore } from './simulator.ts';
import { createSkipStore } from './skips.ts';
import { createSlotStore, type SlotRecords } from './slots.ts';
import { createStaffStore } from './staff.ts';
import { createSurveyStore } from './surveys.ts';
import { createSwitchStore } from './switches.ts';
import { createTariffStore } from './tariffs.ts';
import { createTaskStore } from './tasks.ts';

/** The open database. */
export interface OpenStores {
  readonly stores: Stores;
  /** Names who is told after commits; until then commits are only marked as unheard. */
  follow(follower: Follower): void;
  /** Names who empties chats that are about to be erased, where they lie outside the database; when it rejects, nothing is erased. */
  beforeErasing(empty: ErasesChats): void;
  /** Tells the follower of everything that it has not heard of: after a start, and when telling failed. */
  catchUp(): Promise<void>;
  /** True when the database answers. */
  ready(): Promise<boolean>;
  /** The database itself, for the scheduler's own collection. */
  jobsDb(): mongo.Db;
  close(): Promise<void>;
}

const PING_MS = 1_000;
const PATIENCE_MS = 5_000;

/** Opens the database, indexes made. Throws `AppError('notReady')` when it does not answer; call again later then. */
export async function openStores({
  uri,
  clock,
  newId,
  log,
  patienceMs = PATIENCE_MS,
}: {
  uri: string;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** How long an operation waits for a database that is away. */
  patienceMs?: number;
}): Promise<OpenStores> {
  const connection = await connect(uri, patienceMs);
  let follower: Follower | null = null;
  let emptyElsewhere: ErasesChats = async () => undefined;
  const followers = { current: () => follower };

  const changes = createChangeStore(connection);
  const branches = createBranchStore(connection, async (branch) => follower?.settingsChanged(branch, null));
  const identities = createIdentityStore(connection);
  const outbox = createOutboxStore(connection, newId);
  const conversations = createConversationStore(connection);
  const inbound = createInboundStore(connection, newId);
  const surveys = createSurveyStore(connection);
  const channelMemory = createChannelMemory(connection);
  const simulator = createSimulatorStore(connection, newId);
  const refusals = createRefusalStore(connection, newId);
  const linkTokens = createLinkTokenStore(connection);
  const paces = createPaceStore(connection);
  const appointments = createAppointmentStore(connection, {
    changes,
    followers,
    discountOf: async (patient) => (await patients.get(patient))?.birthdayDiscount ?? null,
    vacated: (visit) => slots.vacated(visit),
    log,
  });
  const slots: SlotRecords = createSlotStore(connection, {
    liveOfDoctors: appointments.liveOfDoctors,
    given: branches.markSlotsGiven,
    newId,
  });
  const patients = createPatientStore(connection, {
    changes,
    followers,
    eraseElsewhere: createErasure({
      outside: (chats) => emptyElsewhere(chats),
      identitiesOf: identities.ofPatient,
      toldTo: outbox.staffToldOf,
      byTopic: [(chats) => inbound.eraseChats(chats, clock.now()), simulator.eraseChats],
      wardsOf: (patient) => patients.wardsOf(patient),
      visitsOf: async (patient) => (await appointments.briefsOfPatient(patient)).map(({ id }) => id),
      shown: async (patient, led) => simulator.eraseMessages(await outbox.idsAbout(patient, led)),
      byPatient: [
        (patient) => outbox.erasePatient(patient, clock.now()),
        (patient) => conversations.erasePatient(patient, clock.now()),
        surveys.erasePatient,
        appointments.erasePatient,
        linkTokens.erasePatient,
      ],
      byChat: [
        (chats) => inbound.eraseChats(chats, clock.now()),
        simulator.eraseChats,
        // By it, the others who have this number are known.
        async (chats) => channelMemory.forgetAddresses(await patients.unshared(chats.map(({ address }) => address))),
        (chats) => refusals.erase(chats.map(refusalKey)),
        paces.forgetChats,
      ],
      there: {
        talksIn: conversations.idsThere,
        rows: (led) => outbox.eraseThere(led, clock.now()),
        talks: (said) => conversations.eraseThere(said, clock.now()),
        identities: identities.eraseWards,
      },
      forgetIdentities: identities.erasePatient,
    }),
    log,
  });
  const stores: Stores = {
    branches: guarded(branches),
    doctors: guarded(createDoctorStore(connection)),
    services: guarded(createServiceStore(connection)),
    patients: guarded(patients),
    identities: guarded(identities),
    refusals: guarded(refusals),
    appointments: guarded(appointments),
    slots: guarded(slots),
    outbox: guarded(outbox),
    conversations: guarded(conversations),
    inbound: guarded(inbound),
    surveys: guarded(surveys),
    tasks: guarded(createTaskStore(connection)),
    changes: guarded(changes),
    skips: guarded(createSkipStore(connection)),
    staff: guarded(createStaffStore(connection)),
    linkTokens: guarded(linkTokens),
    ledger: guarded(createLedgerStore(connection, newId)),
    tariffs: guarded(createTariffStore(connection)),
    switches: guarded(createSwitchStore(connection)),
    killSwitch: guarded(createKillSwitchStore(connection)),
    simulator: guarded(simulator),
    channelMemory: guarded(channelMemory),
    paces: guarded(paces),
    parkedReceipts: guarded(createParkedReceipts(connection)),
  };
  await buildIndexes(connection);
  return {
    stores,
    follow: (told) => {
      follower = told;
    },
    beforeErasing: (empty) => {
      emptyElsewhere = empty;
    },
    catchUp: async () => {
      await appointments.catchUp();
      await patients.catchUp();
    },
    ready: async () => {
      try {
        await connection.getClient().db().command({ ping: 1 }, { timeoutMS: PING_MS });
        return true;
      } catch {
        return false;
      }
    },
    jobsDb: () => connection.getClient().db(),
    close: () => connection.close(),
  };
}
