import type { ChatAddress } from '../core/address.ts';
import { NUMBER_CHANNELS } from '../core/channel-name.ts';
import type { Identity, Patient } from '../core/patient.ts';
import { topicAt } from '../core/staff-topic.ts';

/** Collections that know a patient by key. */
export type ErasesPatient = (patient: string) => Promise<void>;

/** Collections that know a patient by the chat only. */
export type ErasesChats = (chats: readonly ChatAddress[]) => Promise<void>;

/** What was said before anybody knew who it was: by chat, and by the conversations that were led there. */
interface StrangersRecords {
  readonly talksIn: (chats: readonly ChatAddress[]) => Promise<readonly string[]>;
  readonly rows: (chats: readonly ChatAddress[], talks: readonly string[]) => Promise<void>;
  readonly talks: ErasesChats;
}

/**
 * Takes a patient's words and addresses out of every collection but the patient's own. Chats are looked up first and
 * identities forgotten last, so that a repeat after a crash still finds them. The topics in groups of staff are the clinic's own
 * and stay known to the channel; what was said in them goes from here.
 */
export function createErasure(collections: {
  /** What lies outside the database: first, for it may still come in. */
  outside: ErasesChats;
  identitiesOf: (patient: string) => Promise<readonly Identity[]>;
  /** Where staff were told of the patient, or of the stranger in one of these conversations; looked up while the outbox still knows. */
  toldTo: (patient: string, talks: readonly string[]) => Promise<readonly ChatAddress[]>;
  /** What staff said there. */
  byTopic: readonly ErasesChats[];
  /** Messages to the patient or about them, on whatever simulated phone. */
  shown: (patient: string, talks: readonly string[]) => Promise<void>;
  byPatient: readonly ErasesPatient[];
  byChat: readonly ErasesChats[];
  strangers: StrangersRecords;
  forgetIdentities: ErasesPatient;
}): (patient: Patient) => Promise<void> {
  return async (patient) => {
    const chats = [...chatsOf(patient), ...(await collections.identitiesOf(patient.id))];
    const { strangers } = collections;
    await collections.outside(chats);
    const talks = await strangers.talksIn(chats);
    const topics = (await collections.toldTo(patient.id, talks)).filter((at) => topicAt(at) !== null);
    for (const erase of collections.byTopic) await erase(topics);
    await collections.shown(patient.id, talks);
    await strangers.rows(chats, talks);
    await strangers.talks(chats);
    for (const erase of collections.byPatient) await erase(patient.id);
    for (const erase of collections.byChat) await erase(chats);
    await collections.forgetIdentities(patient.id);
  };
}

function chatsOf({ phones, email }: Patient): readonly ChatAddress[] {
  const byPhone = phones.flatMap((address) => NUMBER_CHANNELS.map((channel) => ({ channel, address })));
  return email === undefined ? byPhone : [...byPhone, { channel: 'email', address: email }];
}
