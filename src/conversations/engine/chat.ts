import type { ChatAddress } from '../../core/address.ts';
import type { Branch } from '../../core/branch.ts';
import { reachOf } from '../../core/channel-name.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { Locale } from '../../core/locale.ts';
import type { Patient } from '../../core/patient.ts';
import type { ConversationStores } from './deps.ts';

/** Who is at the other end of a chat, as far as the clinic knows. */
export interface Chat {
  readonly at: ChatAddress;
  /** Everyone who is written to there; the one whose own number it is comes first. */
  readonly patients: readonly Patient[];
  readonly branch: Branch | null;
  readonly locale: Locale;
}

type ChatStores = Pick<ConversationStores, 'identities' | 'patients' | 'branches' | 'appointments'>;

/** Patients of a chat: by number where the address is one, by link where it is not. */
export async function patientsAt(
  stores: Pick<ChatStores, 'identities' | 'patients'>,
  at: ChatAddress,
): Promise<readonly Patient[]> {
  if (reachOf(at.channel) === 'number') {
    const patients = await stores.patients.byPhone(at.address);
    return [...patients].sort((left, right) => Number(owns(right, at)) - Number(owns(left, at)));
  }
  const identities = await stores.identities.at(at);
  return stores.patients.getMany([...new Set(identities.map((identity) => identity.patient))]);
}

/** The chat with its branch (of the newest question, else of the newest visit) and the language to answer in. */
export async function chatAt(
  stores: ChatStores,
  at: ChatAddress,
  conversations: readonly Conversation[],
  text: string,
): Promise<Chat> {
  const patients = await patientsAt(stores, at);
  const branch = await branchOf(stores, patients, conversations);
  const own = patients[0];
  const locale =
    own?.chosenLocale ??
    own?.locale ??
    conversations[0]?.locale ??
    (own === undefined && /\p{Script=Cyrillic}/u.test(text) ? 'ru' : branch?.locale) ??
    'en';
  return { at, patients, branch, locale };
}

function owns(patient: Patient, at: ChatAddress): boolean {
  return patient.guardian === undefined && patient.phones.includes(at.address);
}

async function branchOf(
  stores: ChatStores,
  patients: readonly Patient[],
  conversations: readonly Conversation[],
): Promise<Branch | null> {
  const asked = conversations.find((conversation) => conversation.branch !== null)?.branch;
  if (typeof asked === 'string') return stores.branches.get(asked);
  const own = patients[0];
  const [newest] = own === undefined ? [] : await stores.appointments.briefsOfPatient(own.id);
  if (newest !== undefined) return stores.branches.get(newest.branch);
  return (await stores.branches.all())[0] ?? null;
}
