import type { ChatAddress } from '../core/address.ts';
import type { Identity, Patient } from '../core/patient.ts';

/** Collections that know a patient by key. */
export type ErasesPatient = (patient: string) => Promise<void>;

/** Collections that know a patient by the chat only. */
export type ErasesChats = (chats: readonly ChatAddress[]) => Promise<void>;

/**
 * Takes a patient's words and addresses out of every collection but the patient's own. Chats are looked up first and
 * identities forgotten last, so that a repeat after a crash still finds them.
 */
export function createErasure(collections: {
  identitiesOf: (patient: string) => Promise<readonly Identity[]>;
  byPatient: readonly ErasesPatient[];
  byChat: readonly ErasesChats[];
  forgetIdentities: ErasesPatient;
}): (patient: Patient) => Promise<void> {
  return async (patient) => {
    const chats = [...chatsOf(patient), ...(await collections.identitiesOf(patient.id))];
    for (const erase of collections.byPatient) await erase(patient.id);
    for (const erase of collections.byChat) await erase(chats);
    await collections.forgetIdentities(patient.id);
  };
}

function chatsOf({ phones, email }: Patient): readonly ChatAddress[] {
  const byPhone = phones.flatMap((address) =>
    (['whatsapp', 'sms', 'voice'] as const).map((channel) => ({ channel, address })),
  );
  return email === undefined ? byPhone : [...byPhone, { channel: 'email', address: email }];
}
