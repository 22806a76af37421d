import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { createEngine, type Engine } from '../../src/conversations/engine.ts';
import type { ChatAddress } from '../../src/core/address.ts';
import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { Conversation } from '../../src/core/conversation.ts';
import type { InboundBody } from '../../src/core/inbound.ts';
import type { Message } from '../../src/core/message.ts';
import type { Opening, SurveyContext } from '../../src/core/opening.ts';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { type OpenStores, openStores } from '../../src/models/stores.ts';
import { countIds } from './count-ids.ts';
import { countedMetrics } from './counted-metrics.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';
import { storeUri } from './store-uri.ts';
import { buildBranch, buildDoctor, buildPatient, buildService } from './stored-clinic.ts';

const locales = fileURLToPath(new URL('../../locales', import.meta.url));

/** Maria's WhatsApp in the clinic of `stored-clinic.ts`. */
export const MARIA: ChatAddress = { channel: 'whatsapp', address: '+79161234567' };

/** A clinic whose engine talks to the real stores; what it says is kept in the outbox and never sent. */
export interface TalkingClinic {
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly engine: Engine;
  /** Stores an appointment of Maria's: Tuesday 10:00 in Moscow unless said otherwise. */
  visit(id: string, overrides?: Partial<AppointmentBody>): Promise<void>;
  /** A scenario message that was sent, and the question that it opened. */
  sent(scenario: ScenarioKey, appointment: string, opening?: Opening, at?: ChatAddress): Promise<Message>;
  /** Gives the engine what somebody did; the answers are the keys of what was said back. */
  hears(body: InboundBody, from?: ChatAddress, id?: string, sender?: string): Promise<readonly string[]>;
  says(text: string, from?: ChatAddress): Promise<readonly string[]>;
  taps(choice: string, message?: string, from?: ChatAddress): Promise<readonly string[]>;
  /** The rows that were said since the last look, oldest first. */
  said(): Promise<readonly Message[]>;
  conversation(id: string): Promise<Conversation>;
  /** The newest conversation of Maria's chat with this machine. */
  talk(machine: Conversation['machine'], at?: ChatAddress): Promise<Conversation>;
  /** From now on the engine throws at this point, once. */
  crashAt(point: string): void;
  /** An engine that knows nothing but the stores, as after a restart. */
  restarted(): Engine;
}

const clock = fakeClock('2026-11-23T06:00:00Z');
const newId = countIds('id');
let shared: OpenStores | null = null;

afterAll(async () => {
  await shared?.close();
});

/** An emptied database with one branch, two doctors, one service and Maria; one at a time in a test file. */
export async function openTalkingClinic(start = '2026-11-23T06:00:00Z'): Promise<TalkingClinic> {
  shared ??= await openStores({ uri: storeUri(), clock, newId, log: quietLog() });
  const open = shared;
  clock.set(start);
  await open.stores.simulator.reset();
  const { stores } = open;
  const render = await createRender(loadDictionaries(locales));
  const metrics = countedMetrics();
  const rows: string[] = [];
  let point: string | null = null;
  const build = (): Engine =>
    createEngine({
      stores,
      sender: {
        async enqueue(news) {
          for (const row of await stores.outbox.plan(news, clock.now())) if (!rows.includes(row.id)) rows.push(row.id);
        },
      },
      render,
      clock,
      newId,
      log: quietLog(),
      metrics,
      staffHash: (token) => `hash-${token}`,
      crash(at) {
        if (at !== point) return;
        point = null;
        throw new Error(`crash at ${at}`);
      },
    });
  const engine = build();
  open.follow({
    appointmentChanged: (event) => engine.follower.appointmentChanged(event),
    patientChanged: async () => undefined,
    settingsChanged: async () => undefined,
  });
  const at = clock.now();
  await stores.branches.put(
    'north',
    buildBranch({ head: { name: 'Пётр', email: 'head@clinic.example', telegram: '77' } }),
    at,
    'clinic',
  );
  await stores.doctors.put('lebedeva', buildDoctor(), at, 'clinic');
  await stores.doctors.put('orlov', buildDoctor({ name: 'Орлов Иван Петрович' }), at, 'clinic');
  await stores.services.put('cleaning', buildService(), at, 'clinic');
  await stores.patients.put('maria', buildPatient(), at, 'clinic');

  let looked = 0;
  let heard = 0;
  const said = async (): Promise<readonly Message[]> => {
    const fresh = rows.slice(looked);
    looked = rows.length;
    const found = await Promise.all(fresh.map((id) => stores.outbox.get(id)));
    return found.filter((row) => row !== null);
  };
  const hears: TalkingClinic['hears'] = async (body, from = MARIA, id, sender) => {
    heard += 1;
    clock.advance(1000);
    const message = { id: id ?? `in-${heard}`, from, at: clock.now(), body, ...(sender !== undefined && { sender }) };
    await stores.inbound.store(message);
    await engine.receive(message);
    return (await said()).map((row) => row.content?.key.replace('conversations.', '') ?? '');
  };
  return {
    stores,
    clock,
    engine,
    async visit(id, overrides = {}) {
      const body: AppointmentBody = {
        patient: 'maria',
        branch: 'north',
        doctor: 'lebedeva',
        services: ['cleaning'],
        start: new Date('2026-11-24T07:00:00Z'),
        end: new Date('2026-11-24T07:30:00Z'),
        status: 'unconfirmed',
        source: 'desk',
        incognito: false,
        discounts: [],
        ...overrides,
      };
      await stores.appointments.put(id, body, { at: clock.now(), by: 'clinic', quiet: false });
    },
    async sent(scenario, appointment, opening, to = MARIA) {
      const now = clock.now();
      const [row] = await stores.outbox.plan(
        [
          {
            key: `${scenario}|a:${appointment}|${newId()}`,
            kind: 'scenario',
            scenario,
            subject: { appointment },
            patient: 'maria',
            branch: 'north',
            dueAt: now,
          },
        ],
        now,
      );
      if (row === undefined) throw new Error('not planned');
      const choices = (
        opening?.machine === 'survey' ? ['1', '2', '3', '4', '5'] : ['confirm', 'reschedule', 'cancel']
      ).map((id) => ({ id, key: null, title: id }));
      if (opening !== undefined) {
        await engine.questions.open({
          message: row.id,
          at: to,
          patient: 'maria',
          branch: 'north',
          locale: 'ru',
          opening,
          choices,
          content: { key: `scenarios.${scenario}.text`, values: {} },
        });
      }
      const next: Message = {
        ...row,
        state: 'sent',
        sentAt: now,
        channel: to.channel,
        to: to.address,
        locale: 'ru',
        lookAt: null,
      };
      const saved = await stores.outbox.save(row, opening === undefined ? next : { ...next, conversation: opening.id });
      if (saved === null) throw new Error('not saved');
      return saved;
    },
    hears,
    says: (text, from) => hears({ kind: 'text', text }, from),
    taps: (choice, message, from) => hears({ kind: 'choice', choice, ...(message !== undefined && { message }) }, from),
    said,
    async conversation(id) {
      const found = await stores.conversations.get(id);
      if (found === null) throw new Error(`no conversation ${id}`);
      return found;
    },
    async talk(machine, chat = MARIA) {
      const found = (await stores.conversations.ofChat(chat, new Date(0))).find((each) => each.machine === machine);
      if (found === undefined) throw new Error(`no ${machine}`);
      return found;
    },
    crashAt(at) {
      point = at;
    },
    restarted: build,
  };
}

/** The confirmation question of a visit, as the scenario opens it. */
export function confirmationOpening(appointment: string, also: readonly string[] = [], version = 0): Opening {
  return {
    id: `confirmation.${appointment}.${version}`,
    machine: 'confirmation',
    context: { appointments: [appointment, ...also] },
    expiresAt: new Date('2026-11-24T07:00:00Z'),
  };
}

/** The survey of a visit with review links for everyone and alerts to the head's mailbox and Telegram. */
export function surveyOpening(appointment: string, overrides: Partial<SurveyContext> = {}): Opening {
  return {
    id: `survey.${appointment}.0`,
    machine: 'survey',
    context: {
      appointment,
      doctor: 'lebedeva',
      services: ['cleaning'],
      lowScore: 3,
      reviewLinks: 'everyone',
      sites: [{ site: 'google', url: 'https://reviews.example/north' }],
      alertTo: { email: 'head@clinic.example', telegram: '77' },
      showPhone: false,
      ...overrides,
    },
    expiresAt: new Date('2026-11-25T11:00:00Z'),
  };
}

/** Free half hours of Lebedeva's in the branch. */
export async function freeSlots({ stores, clock }: TalkingClinic, starts: readonly string[]): Promise<void> {
  await stores.slots.replace(
    'north',
    { from: new Date('2026-11-23T00:00:00Z'), to: new Date('2026-12-23T00:00:00Z') },
    starts.map((start) => ({
      doctor: 'lebedeva',
      start: new Date(start),
      end: new Date(Date.parse(start) + 1_800_000),
    })),
    clock.now(),
  );
}
