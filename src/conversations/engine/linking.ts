import type { Conversation } from '../../core/conversation.ts';
import type { Locale } from '../../core/locale.ts';
import type { Patient } from '../../core/patient.ts';
import { parsePhone } from '../../core/phone.ts';
import type { StaffMember } from '../../core/staff.ts';
import type { EngineDeps } from './deps.ts';
import type { Done } from './keeper.ts';

/** Uses a one-time token up for this chat: links a patient or a member of staff. */
export async function useToken(
  { stores }: EngineDeps,
  hash: string,
  conversation: Conversation,
  at: Date,
): Promise<Done> {
  const token = await stores.linkTokens.use(hash, conversation.at, at);
  if (token === null) return { event: { type: 'tokenRefused' } };
  if (token.kind === 'staff') {
    const member = await stores.staff.get(token.subject);
    if (member === null) return { event: { type: 'tokenRefused' } };
    await stores.staff.link(member.id, conversation.at, at);
    const event = { type: 'staffLinked', name: member.name };
    const locale = conversation.patient === null ? await localeOf(stores, member) : undefined;
    return { event, ...(locale !== undefined && { locale }) };
  }
  const patient = await stores.patients.get(token.subject);
  return patient === null ? { event: { type: 'tokenRefused' } } : link(patient, [patient], conversation, at, stores);
}

/** Staff are spoken to in the language of their first branch, as in the answers to their commands. */
async function localeOf(
  { branches }: EngineDeps['stores'],
  { role, branches: own }: StaffMember,
): Promise<Locale | undefined> {
  const all = await branches.all();
  const theirs = role === 'owner' || own.length === 0 ? all : all.filter(({ id }) => own.includes(id));
  return (theirs[0] ?? all[0])?.locale;
}

/** Finds whose number a shared contact is; the caller has made sure that it is the sender's own. */
export async function matchPhone(
  { stores }: EngineDeps,
  phone: string,
  conversation: Conversation,
  at: Date,
): Promise<Done> {
  const digits = phone.replace(/[^\d+]/g, '');
  const number = parsePhone(digits.startsWith('+') ? digits : `+${digits}`)?.e164 ?? digits;
  const patients = await stores.patients.byPhone(number);
  const own = patients.filter((patient) => patient.guardian === undefined && patient.phones.includes(number));
  const all = own.length > 0 ? own : patients;
  const [first] = all;
  return first === undefined ? { event: { type: 'nobodyFound' } } : link(first, all, conversation, at, stores);
}

async function link(
  first: Patient,
  all: readonly Patient[],
  conversation: Conversation,
  at: Date,
  stores: EngineDeps['stores'],
): Promise<Done> {
  for (const patient of all) await stores.identities.link(conversation.at, patient.id, at);
  await stores.identities.sawInbound(
    conversation.at,
    all.map((patient) => patient.id),
    at,
  );
  const [newest] = await stores.appointments.briefsOfPatient(first.id);
  const branchId = newest?.branch ?? conversation.branch;
  const branch = branchId === null ? null : await stores.branches.get(branchId);
  const asked = (first.consent?.messages ?? first.chatConsent?.messages) !== undefined;
  const consentNeeded = branch?.consentRequired === true && !asked;
  return { event: { type: 'linked', name: first.firstName, consentNeeded }, patient: first.id };
}
