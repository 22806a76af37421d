import type { Page, PageRequest } from '../../core/page.ts';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { presentAppointment } from './appointment.ts';
import { branchZones, zoneOf } from './branch-zones.ts';
import { presentConversation } from './conversation.ts';
import { presentInstant } from './instant.ts';
import { createMessagePresenter } from './message.ts';
import { presentSurvey } from './survey.ts';

/** Gathers all that is kept of a patient, every page of it; null when there is no such patient. */
export function createPatientExport(
  deps: Pick<AdminDependencies, 'stores' | 'lookAtPlanned' | 'clock' | 'render'>,
  clinic: Pick<Clinic, 'patient'>,
): (patient: string) => Promise<object | null> {
  const { stores } = deps;
  return async (patient) => {
    const document = await clinic.patient.get(patient);
    if (document === null) return null;
    const zones = await branchZones(stores.branches);
    const identities = await stores.identities.ofPatient(patient);
    const [appointments, messages, conversations, surveys, written] = await Promise.all([
      every((page) => stores.appointments.list({ patient }, page)),
      every((page) => stores.outbox.list({ patient }, page)),
      every((page) => stores.conversations.list({ patient }, page)),
      every((page) => stores.surveys.list({ patient }, page)),
      Promise.all(identities.map((identity) => stores.inbound.ofChat(identity, { limit: MOST_LINES }))),
    ]);
    const presentMessage = await createMessagePresenter(deps);
    return {
      patient: document,
      appointments: appointments.map((appointment) => presentAppointment(appointment, zones)),
      messages: await Promise.all(messages.map(presentMessage)),
      conversations: conversations.map((conversation) => presentConversation(conversation, zones)),
      surveys: surveys.map((survey) => presentSurvey(survey, zones)),
      chats: identities.map((identity, index) => ({
        channel: identity.channel,
        address: identity.address,
        linkedAt: identity.linkedAt && presentInstant(identity.linkedAt, zoneOf(zones, null)),
        written: (written[index] ?? []).map(({ at, body }) => ({ at: presentInstant(at, null), ...body })),
      })),
    };
  };
}

const MOST_LINES = 100_000;

async function every<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ cursor, limit: 200 });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return all;
}
