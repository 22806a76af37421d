import { type ChatAddress, refusalKey } from '../core/address.ts';
import { type ChannelName, reachOf } from '../core/channel-name.ts';
import type { Locale } from '../core/locale.ts';
import type { Consent, Identity, Patient } from '../core/patient.ts';
import { type Phone, parsePhone } from '../core/phone.ts';

/** Who reads a message about a patient, and where: the patient, or the guardian through whom this one is written to. */
export interface Addressee {
  readonly person: Patient;
  readonly locale: Locale;
  /** Mobile numbers in the order in which they are tried. */
  readonly mobiles: readonly Phone[];
  readonly identities: readonly Identity[];
  /** Numbers and chats that sent STOP (`refusalKey`). */
  readonly stopped: ReadonlySet<string>;
}

/** The mobile numbers in the order of rule 6: the appointment's own, then the person's; a guardian's stand alone. */
export function mobilesOf(
  patient: Patient,
  guardian: Patient | null,
  visitPhone: string | undefined,
): readonly Phone[] {
  const numbers = guardian === null ? [visitPhone, ...patient.phones] : guardian.phones;
  const phones = [...new Set(numbers)].flatMap((number) => (number === undefined ? [] : [parsePhone(number)]));
  return phones.filter((phone): phone is Phone => phone?.mobile === true);
}

/** The number to write to. Scenarios that stay in the country take the first one of it. Null when there is none. */
export function mobileFor(addressee: Addressee, onlyCountry: string | null): Phone | null {
  return addressee.mobiles.find((phone) => onlyCountry === null || phone.country === onlyCountry) ?? null;
}

/** Chats linked to the person that still take messages. */
export function linkedChats(addressee: Addressee): readonly Identity[] {
  return addressee.identities.filter((chat) => chat.linkedAt !== undefined && chat.closedAt === undefined);
}

/** The address on a channel; WhatsApp is tried on any mobile. Null where the person has none, or it was closed by the platform. */
export function addressOn(addressee: Addressee, channel: ChannelName, phone: Phone | null): ChatAddress | null {
  const address = bareAddress(addressee, channel, phone);
  if (address === null) return null;
  const closed = addressee.identities.some(
    (chat) => chat.channel === channel && chat.address === address && chat.closedAt !== undefined,
  );
  return closed ? null : { channel, address };
}

function bareAddress(addressee: Addressee, channel: ChannelName, phone: Phone | null): string | null {
  switch (reachOf(channel)) {
    case 'number':
      return phone?.e164 ?? null;
    case 'chat':
      return linkedChats(addressee).findLast((chat) => chat.channel === channel)?.address ?? null;
    case 'mailbox':
      return addressee.person.email ?? null;
  }
}

/** Whether what is said at this address is read by this person; any number of theirs counts. */
export function isReadAt(addressee: Addressee, { channel, address }: ChatAddress): boolean {
  const numbers = reachOf(channel) === 'number' ? addressee.mobiles : [null];
  return numbers.some((phone) => addressOn(addressee, channel, phone)?.address === address);
}

/** Whether this address sent STOP. */
export function isStopped(addressee: Addressee, at: ChatAddress): boolean {
  return addressee.stopped.has(refusalKey(at));
}

/** Every key under which a STOP of this person could be kept. */
export function refusalKeys(
  mobiles: readonly Phone[],
  identities: readonly Identity[],
  email?: string,
): readonly string[] {
  const mailbox: readonly ChatAddress[] = email === undefined ? [] : [{ channel: 'email', address: email }];
  return [...new Set([...mobiles.map((phone) => phone.e164), ...[...identities, ...mailbox].map(refusalKey)])];
}

/** The channel of the person's last inbound message. */
export function lastInboundChannel(addressee: Addressee): ChannelName | null {
  const heard = addressee.identities.filter((chat) => chat.lastInboundAt !== undefined);
  heard.sort((a, b) => (b.lastInboundAt?.getTime() ?? 0) - (a.lastInboundAt?.getTime() ?? 0));
  return heard[0]?.channel ?? null;
}

/** A consent as it counts: the clinic's own value above the one given in chat. */
export function consentOf(patient: Patient, kind: keyof Consent): boolean | undefined {
  return patient.consent?.[kind] ?? patient.chatConsent?.[kind];
}

/** What reaches the same person: the number, or the linked chat where there is no mobile. Visits of one contact make a group. */
export function contactKey(addressee: Addressee): string {
  const chat = linkedChats(addressee)[0];
  return addressee.mobiles[0]?.e164 ?? (chat ? refusalKey(chat) : addressee.person.id);
}
