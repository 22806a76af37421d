import type { Log } from '../core/log.ts';
import type { Message } from '../core/message.ts';
import type { Stores } from '../core/stores.ts';
import { VISIT_SCENARIOS } from './catalogue.ts';
import type { FactsReading } from './load-facts.ts';
import { offerUntil } from './offer.ts';
import { markGrouped } from './row-changes.ts';
import { rowKey } from './row-key.ts';

type SendingStores = Pick<Stores, 'appointments' | 'outbox' | 'patients' | 'skips'>;

/** What follows from a scenario message that was handed over; all of it may be repeated. */
export async function followSending(
  stores: SendingStores,
  reading: FactsReading,
  message: Message,
  now: Date,
  log: Log,
): Promise<void> {
  if (message.also.length > 0) await markSpokenFor(stores, message, now);
  if (message.scenario === 'confirmation' && message.step === 1) await planSecondRequest(stores, reading, message, now);
  if (message.scenario === 'birthday') await startDiscount(stores, reading, message, now, log);
}

/** The rows of the visits that this message spoke for are over (spec: scenarios.md, One phone, one day). */
async function markSpokenFor(stores: SendingStores, message: Message, now: Date): Promise<void> {
  const { scenario } = message;
  if (scenario === null) return;
  const rows = await stores.outbox.ofAppointments(scenario, message.also);
  for (const row of rows) {
    if (row.step !== message.step || row.id === message.id) continue;
    const { subject } = row;
    if (subject === null || !('appointment' in subject) || !message.also.includes(subject.appointment)) continue;
    await markGrouped(stores, row, message.id, now);
  }
}

async function planSecondRequest(
  stores: SendingStores,
  reading: FactsReading,
  message: Message,
  now: Date,
): Promise<void> {
  const { subject, sentAt } = message;
  if (subject === null || !('appointment' in subject) || sentAt === null) return;
  const ids = [subject.appointment, ...message.also];
  for (const appointment of await stores.appointments.getMany(ids)) {
    const facts = await reading.ofVisit(appointment, { scenarios: ['confirmation'], now });
    if (facts === null || facts.switches.confirmation.settings.second === 'nobody') continue;
    const asked = { at: sentAt, answered: false, conversation: message.conversation };
    const moment = VISIT_SCENARIOS.confirmation.moment({ ...facts, step: 2, asked });
    if (moment === null || moment.at >= moment.latestAt) continue;
    const { id, version, patient, branch } = appointment;
    await stores.outbox.plan(
      [
        {
          key: rowKey('confirmation', { appointment: id }, 2, version),
          kind: 'scenario',
          scenario: 'confirmation',
          subject: { appointment: id },
          step: 2,
          version,
          patient,
          branch,
          currency: facts.branch.currency,
          dueAt: moment.at,
          lookAt: moment.at,
          latestAt: moment.latestAt,
        },
      ],
      now,
    );
  }
}

/** From the message on the discount is on the card, and visits that start while it holds carry it (spec: scenarios.md, birthday). */
async function startDiscount(
  stores: SendingStores,
  reading: FactsReading,
  message: Message,
  now: Date,
  log: Log,
): Promise<void> {
  const { subject, sentAt, version: year, branch } = message;
  if (subject === null || !('patient' in subject) || sentAt === null || branch === null) return;
  const patient = await stores.patients.get(subject.patient);
  const facts = patient === null ? null : await reading.ofPatient(patient, year, { scenarios: ['birthday'], now });
  const percent = facts?.switches.birthday.settings.percent;
  if (patient === null || facts === null || percent === undefined) {
    log.warn('offer.notStarted', { message: message.id });
    return;
  }
  const until = offerUntil(facts, sentAt);
  const fresh = await stores.patients.startDiscount(patient.id, { percent, until, year, branch }, now);
  const running = fresh ? { percent, until } : runningOffer(await stores.patients.get(patient.id), year);
  if (running === null) return;
  const discount = { percent: running.percent, source: 'birthday', year } as const;
  await stores.appointments.setDiscount(patient.id, discount, { from: sentAt, until: running.until }, now);
}

function runningOffer(
  patient: Awaited<ReturnType<Stores['patients']['get']>>,
  year: number,
): { percent: number; until: Date } | null {
  const running = patient?.birthdayDiscount;
  return running?.year === year ? running : null;
}
