import type { Content, Values } from '../core/content.ts';
import type { Locale } from '../core/locale.ts';
import type { Message, NewMessage } from '../core/message.ts';
import type { Stores } from '../core/stores.ts';
import { contactKey, isReadAt } from './addressee.ts';
import { isVisitScenario, VISIT_SCENARIOS } from './catalogue.ts';
import type { VisitFacts } from './facts.ts';
import type { FactsReading } from './load-facts.ts';
import { wentOut } from './row-key.ts';
import { PERMISSIONS } from './rules.ts';
import { visitValues } from './values.ts';

type CorrectionStores = Pick<Stores, 'appointments' | 'outbox'>;

/** What a text says of a visit that a move makes untrue. */
const PLACE = ['appointment.longDate', 'appointment.start', 'doctor.name', 'branch.name'];

/**
 * What is to be taken back of a message that says `told` of a visit as it stands now; null while its words hold, where the
 * visit is not ahead, and where the patient made the change and was answered. Pure.
 */
function correctionFor(told: Values, facts: VisitFacts, locale: Locale, now: Date): Content | null {
  const { status, start, changedBy } = facts.visit.appointment;
  if (changedBy === 'patient' || start <= now) return null;
  if (status === 'cancelled') return { key: 'scenarios.correction.cancelled', values: told };
  const stands = status === 'unconfirmed' || status === 'confirmed';
  const values = visitValues(facts, locale);
  const isMoved = PLACE.some((name) => told[name] !== values[name]);
  return stands && isMoved ? { key: 'scenarios.correction.moved', values } : null;
}

/**
 * The replies that take back what a message said of visits which were cancelled or moved between its decision and its record
 * (spec: reliability.md B4, 40): one a visit, to the chat that has the wrong words, at no price. The same ones when repeated.
 */
export async function corrections(
  stores: CorrectionStores,
  reading: FactsReading,
  message: Message,
  now: Date,
): Promise<readonly NewMessage[]> {
  const { channel, to, locale, branch } = message;
  const rows: NewMessage[] = [];
  if (channel === null || to === null || locale === null) return rows;
  for (const { appointment, values } of toldVisits(message)) {
    const found = await find(stores, reading, message, { appointment, values }, now);
    if (found === null) continue;
    rows.push({
      key: `correction|${message.id}|${appointment}`,
      kind: 'reply',
      corrects: message.id,
      subject: { appointment },
      patient: found.patient,
      branch,
      dueAt: now,
      channel,
      to,
      locale,
    });
  }
  return rows;
}

/** The words of a planned correction as they are right now; null when it is no longer to be said. */
export async function correctionNow(
  stores: CorrectionStores,
  reading: FactsReading,
  { corrects, subject }: Message,
  now: Date,
): Promise<Content | null> {
  const message = corrects === undefined ? null : await stores.outbox.get(corrects);
  if (message === null || subject === null || !('appointment' in subject)) return null;
  const visit = toldVisits(message).find(({ appointment }) => appointment === subject.appointment);
  return visit === undefined ? null : ((await find(stores, reading, message, visit, now))?.content ?? null);
}

interface ToldVisit {
  readonly appointment: string;
  readonly values: Values;
}

/** What a message says of each visit that it names; its lines stand last, in the order of the visits. */
function toldVisits({ scenario, subject, also, content }: Message): readonly ToldVisit[] {
  if (scenario === null || !isVisitScenario(scenario) || !VISIT_SCENARIOS[scenario].namesVisit) return [];
  if (subject === null || !('appointment' in subject) || content === null) return [];
  const lines = also.length === 0 ? [] : (content.parts ?? []).slice(-also.length);
  const others = also.map((appointment, place) => ({ appointment, values: lines[place]?.values ?? content.values }));
  return [{ appointment: subject.appointment, values: content.values }, ...others];
}

async function find(
  stores: CorrectionStores,
  reading: FactsReading,
  message: Message,
  { appointment: id, values }: ToldVisit,
  now: Date,
): Promise<{ readonly content: Content; readonly patient: string } | null> {
  const { scenario, locale } = message;
  if (scenario === null || !isVisitScenario(scenario) || locale === null) return null;
  const appointment = await stores.appointments.get(id);
  const facts = appointment === null ? null : await reading.ofVisit(appointment, { scenarios: [scenario], now });
  const content = facts === null ? null : correctionFor(values, facts, locale, now);
  if (facts === null || content === null) return null;
  const look = { definition: VISIT_SCENARIOS[scenario], facts, now, moment: null };
  if (PERMISSIONS.some((rule) => rule(look) !== null)) return null;
  if (!(await isStillTheirs(stores, reading, message, facts, now))) return null;
  return (await isTold(stores, message, facts)) ? null : { content, patient: facts.patient.id };
}

/**
 * Whether the chat that has the wrong words is still where this visit is told: its patient, guardian or number may have been
 * changed with it. A visit that another one's message spoke for is told to the contact of both.
 */
async function isStillTheirs(
  stores: CorrectionStores,
  reading: FactsReading,
  { channel, to, scenario, subject, also }: Message,
  { addressee, visit }: VisitFacts,
  now: Date,
): Promise<boolean> {
  if (channel === null || to === null) return false;
  const at = { channel, address: to };
  if (isReadAt(addressee, at)) return true;
  if (scenario === null || subject === null || !('appointment' in subject)) return false;
  if (!also.includes(visit.appointment.id)) return false;
  const first = await stores.appointments.get(subject.appointment);
  const lead = first === null ? null : await reading.ofVisit(first, { scenarios: [scenario], now });
  return lead !== null && isReadAt(lead.addressee, at) && contactKey(lead.addressee) === contactKey(addressee);
}

/** A message planned for the visit's new place has gone out already: it says all. */
async function isTold(stores: CorrectionStores, message: Message, { visit: { appointment } }: VisitFacts) {
  if (appointment.status === 'cancelled') return false;
  const rows = await stores.outbox.ofSubject({ appointment: appointment.id });
  return rows.some((row) => {
    const { id, scenario, version } = row;
    if (id === message.id || scenario === null || !isVisitScenario(scenario)) return false;
    const { namesVisit, keepsPlan } = VISIT_SCENARIOS[scenario];
    return namesVisit && !keepsPlan && version === appointment.version && wentOut(row);
  });
}
