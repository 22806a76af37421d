import type { Content } from '../../core/content.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { NewMessage } from '../../core/message.ts';
import type { Effect, EffectParams } from '../machines/effects.ts';
import { alertRows } from './alerts.ts';
import { bookSlot, freeDays, freeSlots } from './booking.ts';
import type { EngineDeps } from './deps.ts';
import type { Done, Keeper, RunEffect } from './keeper.ts';
import { matchPhone, useToken } from './linking.ts';
import { confirmationOf, openOffer, rebookNext } from './openings.ts';
import { callRows, dismissRows } from './staff-room.ts';
import { changedTask, taskOf } from './tasks.ts';

/** The version of the consent texts that patients agree to in chat; raise it with their words. */
const CONSENT_TEXT_VERSION = '2026-1';

interface Job<T extends Effect['type']> {
  readonly deps: EngineDeps;
  readonly keeper: Keeper;
  readonly id: string;
  readonly params: EffectParams[T];
  readonly conversation: Conversation;
  readonly at: Date;
  /** Gives words that were held to another conversation. */
  readonly passOn: PassOn;
}

/** Reads words as an answer to one conversation and gives it to it. */
export type PassOn = (conversation: string, text: string, at: Date) => Promise<void>;

type Handlers = { readonly [T in Effect['type']]: (job: Job<T>) => Promise<Done> };

const handlers: Handlers = {
  say: async ({ deps, id, params, conversation, at }) => {
    await deps.sender.enqueue([replyRow(id, params.content, conversation, at)]);
    const rows = await deps.stores.outbox.byKeys([id]);
    return { messages: rows.map((row) => row.id) };
  },
  setStatus: async ({ deps, id, params, at }) => {
    for (const appointment of params.appointments) {
      const step =
        params.step === 'confirm'
          ? ({ kind: 'confirm' } as const)
          : { kind: 'cancel' as const, ...(params.reason !== null && { reason: params.reason }) };
      const changed = await deps.stores.appointments.step(appointment, step, { at, by: 'patient' });
      if (changed !== null && params.step === 'cancel' && params.reason === null) {
        await deps.stores.tasks.add(await changedTask(deps.stores, `${id}:${appointment}`, 'cancelled', changed, at));
      }
    }
    return {};
  },
  loadDays: ({ deps, params, conversation, at }) => freeDays(deps, conversation, params.wish, params.after, at),
  loadSlots: ({ deps, params, conversation, at }) => freeSlots(deps, conversation, params.wish, params.day, at),
  bookSlot: ({ deps, id, params, conversation, at }) => bookSlot(deps, conversation, { ...params, effect: id }, at),
  storeScore: async ({ deps, params, conversation, at }) => {
    await deps.stores.surveys.score({
      id: params.survey,
      patient: conversation.patient ?? '',
      appointment: params.appointment,
      doctor: params.doctor,
      branch: conversation.branch ?? '',
      services: params.services,
      score: params.score,
      answeredAt: at,
      conversation: conversation.id,
    });
    return {};
  },
  storeComment: async ({ deps, params }) => {
    const survey = await deps.stores.surveys.get(params.survey);
    const said = survey?.comment?.endsWith(params.words) ?? false;
    if (!said) await deps.stores.surveys.comment(params.survey, params.words);
    return {};
  },
  requestContact: async ({ deps, params }) => {
    await deps.stores.surveys.requestContact(params.survey);
    return {};
  },
  alert: async ({ deps, id, params, conversation, at }) => {
    await deps.sender.enqueue(await alertRows(deps.stores, id, params, conversation, at));
    return {};
  },
  addTask: async ({ deps, id, params, conversation, at }) => {
    await deps.stores.tasks.add(await taskOf(deps.stores, id, params, conversation, at));
    return {};
  },
  setLocale: async ({ deps, params, conversation, at }) => {
    if (conversation.patient !== null) await deps.stores.patients.setLocale(conversation.patient, params.locale, at);
    return { locale: params.locale };
  },
  useToken: ({ deps, params, conversation, at }) => useToken(deps, params.hash, conversation, at),
  matchPhone: ({ deps, params, conversation, at }) => matchPhone(deps, params.phone, conversation, at),
  setConsent: async ({ deps, params, conversation, at }) => {
    if (conversation.patient !== null) {
      await deps.stores.patients.setChatConsent(conversation.patient, params, CONSENT_TEXT_VERSION, at);
    }
    return {};
  },
  rebookNext: async ({ deps, keeper, params, conversation, at }) => {
    await rebookNext(deps, keeper, params, conversation, at);
    return {};
  },
  openOffer: async ({ deps, keeper, params, conversation, at }) => {
    await openOffer(deps, keeper, params, conversation, at);
    return {};
  },
  answerVisit: async ({ deps, keeper, params, conversation, at }) => {
    const talk = await confirmationOf(deps, params.appointment, conversation, at);
    if (talk !== null)
      await keeper.begin(talk, { type: params.choice, question: false }, at, `${conversation.id}:${params.choice}`);
    return {};
  },
  passOn: async ({ params, passOn, at }) => {
    await passOn(params.conversation, params.text, at);
    return {};
  },
  handOver: async ({ deps, keeper, params, conversation, at }) => {
    const open = await deps.stores.conversations.ofChat(conversation.at, at);
    if (open.some((other) => other.status === 'handedOver')) return {};
    const { at: address, patient, branch, locale } = conversation;
    await keeper.begin(
      { id: params.id, at: address, patient, branch, locale, machine: 'inbox', input: undefined, appointments: [] },
      { type: 'handedOver' },
      at,
    );
    return {};
  },
  callStaff: async ({ deps, id, params, conversation, at }) => {
    await deps.sender.enqueue(await callRows(deps, id, params.reason, conversation, at));
    return {};
  },
  dismissStaff: async ({ deps, id, params, conversation, at }) => {
    await deps.sender.enqueue(await dismissRows(deps, id, params.by, conversation, at));
    return {};
  },
};

/** Carries out effects under their ids; each may be repeated without harm. Throws only for faults of stores. */
export function createEffectRunner(deps: EngineDeps, keeper: Keeper, passOn: PassOn): RunEffect {
  return async ({ id, effect }, conversation, at) => {
    const { type, ...params } = effect;
    const handler = handlers[type] as (job: unknown) => Promise<Done>;
    return handler({ deps, keeper, id, params, conversation, at, passOn });
  };
}

/** A reply row of the outbox: its key makes a repeat harmless. */
export function replyRow(key: string, content: Content, conversation: Conversation, at: Date): NewMessage {
  return {
    key,
    kind: 'reply',
    patient: conversation.patient,
    branch: conversation.branch,
    dueAt: at,
    channel: conversation.at.channel,
    to: conversation.at.address,
    locale: conversation.locale,
    content,
    conversation: conversation.id,
  };
}
