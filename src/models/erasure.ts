import type { ChatAddress } from '../core/address.ts';
import { NUMBER_CHANNELS } from '../core/channel-name.ts';
import type { Identity, Patient } from '../core/patient.ts';
import { topicAt } from '../core/staff-topic.ts';

/** Collections that know a patient by key. */
export type ErasesPatient = (patient: string) => Promise<void>;

/** Collections that know a patient by the chat only. */
export type ErasesChats = (chats: readonly ChatAddress[]) => Promise<void>;

/**
 * What was said in somebody's chats without being theirs by key: before anybody knew who it was, and about those whose
 * guardian they are, who are written to through them; and where a message to another patient spoke for their visits, too.
 */
export interface SaidThere {
  readonly chats: readonly ChatAddress[];
  readonly wards: readonly string[];
  readonly visits: readonly string[];
}

/** The same, with the conversations that were led there. */
export interface LedThere extends SaidThere {
  readonly talks: readonly string[];
}

interface ThereRecords {
  readonly talksIn: (said: SaidThere) => Promise<readonly string[]>;
  readonly rows: (led: LedThere) => Promise<void>;
  readonly talks: (said: SaidThere) => Promise<void>;
  readonly identities: (said: SaidThere) => Promise<void>;
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
  wardsOf: (patient: string) => Promise<readonly string[]>;
  visitsOf: (patient: string) => Promise<readonly string[]>;
  /** Where staff were told of the patient, or of who spoke in one of these conversations; looked up while the outbox still knows. */
  toldTo: (patient: string, led: LedThere) => Promise<readonly ChatAddress[]>;
  /** What staff said there. */
  byTopic: readonly ErasesChats[];
  /** Messages to the patient or about them, on whatever simulated phone. */
  shown: (patient: string, led: LedThere) => Promise<void>;
  byPatient: readonly ErasesPatient[];
  byChat: readonly ErasesChats[];
  there: ThereRecords;
  forgetIdentities: ErasesPatient;
}): (patient: Patient) => Promise<void> {
  return async (patient) => {
    const chats = [...chatsOf(patient), ...(await collections.identitiesOf(patient.id))];
    const { there } = collections;
    await collections.outside(chats);
    const said = {
      chats,
      wards: await collections.wardsOf(patient.id),
      visits: await collections.visitsOf(patient.id),
    };
    const led = { ...said, talks: await there.talksIn(said) };
    const topics = (await collections.toldTo(patient.id, led)).filter((at) => topicAt(at) !== null);
    for (const erase of collections.byTopic) await erase(topics);
    await collections.shown(patient.id, led);
    await there.rows(led);
    await there.talks(said);
    await there.identities(said);
    for (const erase of collections.byPatient) await erase(patient.id);
    for (const erase of collections.byChat) await erase(chats);
    await collections.forgetIdentities(patient.id);
  };
}

function chatsOf({ phones, email }: Patient): readonly ChatAddress[] {
  const byPhone = phones.flatMap((address) => NUMBER_CHANNELS.map((channel) => ({ channel, address })));
  return email === undefined ? byPhone : [...byPhone, { channel: 'email', address: email }];
}
