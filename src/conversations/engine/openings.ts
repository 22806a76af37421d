import { DAY_MS } from '../../core/clock.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { EffectParams, Wish } from '../machines/effects.ts';
import type { EngineDeps } from './deps.ts';
import type { Keeper, NewTalk } from './keeper.ts';

const ANSWER_WITHIN_MS = DAY_MS;

/**
 * The confirmation question of a visit as if it had been asked; null when the visit is gone. Its id is the one that the
 * scenario would give it, so that a later request goes on in the same conversation.
 */
export async function confirmationOf(
  { stores }: Pick<EngineDeps, 'stores'>,
  appointment: string,
  chat: Pick<Conversation, 'at' | 'locale'>,
  at: Date,
  also: readonly string[] = [],
): Promise<NewTalk | null> {
  const visit = await stores.appointments.get(appointment);
  if (visit === null) return null;
  const others = (await stores.appointments.getMany(also)).filter((other) => other.start > at);
  const appointments = [visit, ...others];
  return {
    id: `confirmation.${visit.id}.${visit.version}`,
    at: chat.at,
    patient: visit.patient,
    branch: visit.branch,
    locale: chat.locale,
    machine: 'confirmation',
    input: {
      appointments: appointments.map((each) => each.id),
      versions: appointments.map((each) => each.version),
      expiresAt: visit.start.toISOString(),
    },
    appointments: appointments.map((each) => each.id),
  };
}

/** Opens rebooking for the first of these visits: a live one is moved, a cancelled one gets another instead. */
export async function rebookNext(
  { stores }: EngineDeps,
  keeper: Keeper,
  { id, appointments }: EffectParams['rebookNext'],
  conversation: Conversation,
  at: Date,
): Promise<void> {
  const [first, ...further] = appointments;
  const visit = first === undefined ? null : await stores.appointments.get(first);
  if (visit === null) return;
  for (const other of await stores.conversations.ofChat(conversation.at, at)) {
    const same = other.machine === 'rebooking' && other.appointments.includes(visit.id) && other.id !== id;
    if (same && other.status === 'open') await keeper.tell(other.id, { type: 'stopped' }, at);
  }
  const wish: Wish = {
    mode: visit.status === 'cancelled' ? 'new' : 'move',
    appointment: visit.id,
    doctor: visit.doctor,
    services: visit.services,
    days: [],
    discount: null,
    further,
  };
  await keeper.begin(
    talkFor(id, wish, { ...conversation, patient: visit.patient, branch: visit.branch }, at),
    { type: 'opened' },
    at,
  );
}

/** Opens rebooking with the birthday discount, for what the patient came for last. */
export async function openOffer(
  { stores }: EngineDeps,
  keeper: Keeper,
  { id, offer }: EffectParams['openOffer'],
  conversation: Conversation,
  at: Date,
): Promise<void> {
  const briefs = conversation.patient === null ? [] : await stores.appointments.briefsOfPatient(conversation.patient);
  const newest = briefs.find((brief) => brief.status !== 'cancelled');
  const visit = newest === undefined ? null : await stores.appointments.get(newest.id);
  const wish: Wish = {
    mode: 'new',
    appointment: null,
    doctor: visit?.doctor ?? null,
    services: visit?.services ?? [],
    days: [],
    discount: { percent: offer.percent, year: offer.year },
    further: [],
  };
  await keeper.begin(talkFor(id, wish, conversation, at), { type: 'opened' }, at);
}

function talkFor(
  id: string,
  wish: Wish,
  chat: Pick<Conversation, 'at' | 'patient' | 'branch' | 'locale'>,
  at: Date,
): NewTalk {
  return {
    id,
    at: chat.at,
    patient: chat.patient,
    branch: chat.branch,
    locale: chat.locale,
    machine: 'rebooking',
    input: { wish, days: [], expiresAt: new Date(at.getTime() + ANSWER_WITHIN_MS).toISOString() },
    appointments: wish.appointment === null ? [] : [wish.appointment],
  };
}
