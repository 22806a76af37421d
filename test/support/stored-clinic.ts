import type { AppointmentBody, NewVisit } from '../../src/core/appointment.ts';
import type { BranchBody } from '../../src/core/branch.ts';
import type { Conversation } from '../../src/core/conversation.ts';
import type { DoctorBody } from '../../src/core/doctor.ts';
import type { NewMessage } from '../../src/core/message.ts';
import type { PatientBody } from '../../src/core/patient.ts';
import type { ServiceBody } from '../../src/core/service.ts';

/** Monday 23 November 2026, 08:00 in Moscow: the moment that the tests of the stores count from. */
export const MONDAY = new Date('2026-11-23T05:00:00Z');

/** A branch in Moscow. */
export function buildBranch(overrides: Partial<BranchBody> = {}): BranchBody {
  return {
    name: 'Клиника на Тверской',
    timezone: 'Europe/Moscow',
    country: 'RU',
    currency: 'RUB',
    locale: 'ru',
    reviewSites: [],
    channels: ['whatsapp', 'telegram', 'sms'],
    consentRequired: false,
    ...overrides,
  };
}

/** A doctor of the branch `north`. */
export function buildDoctor(overrides: Partial<DoctorBody> = {}): DoctorBody {
  return { name: 'Лебедева Анна Сергеевна', branches: ['north'], memo: true, ...overrides };
}

/** A service of half an hour. */
export function buildService(overrides: Partial<ServiceBody> = {}): ServiceBody {
  return { name: 'Чистка зубов', synonyms: [], durationMinutes: 30, memo: true, ...overrides };
}

/** A patient with one mobile number. */
export function buildPatient(overrides: Partial<PatientBody> = {}): PatientBody {
  return { lastName: 'Орлова', firstName: 'Мария', phones: ['+79161234567'], tags: [], ...overrides };
}

/** Tuesday 10:00–10:30 in Moscow with doctor `lebedeva` in the branch `north`. */
export function buildVisit(overrides: Partial<AppointmentBody> = {}): AppointmentBody {
  return {
    patient: 'maria',
    branch: 'north',
    doctor: 'lebedeva',
    services: ['cleaning'],
    start: new Date('2026-11-24T07:00:00Z'),
    end: new Date('2026-11-24T07:30:00Z'),
    status: 'unconfirmed',
    source: 'desk',
    incognito: false,
    discounts: [],
    ...overrides,
  };
}

/** The same visit, as a chat books it. */
export function buildBooking(overrides: Partial<NewVisit> = {}): NewVisit {
  return {
    id: 'booked',
    patient: 'maria',
    branch: 'north',
    doctor: 'lebedeva',
    services: ['cleaning'],
    start: new Date('2026-11-24T07:00:00Z'),
    end: new Date('2026-11-24T07:30:00Z'),
    status: 'confirmed',
    conversation: 'talk',
    ...overrides,
  };
}

/** A reminder of the visit `visit`, due at MONDAY. */
export function buildMessage(overrides: Partial<NewMessage> = {}): NewMessage {
  return {
    key: 'reminder|a:visit|1|0',
    kind: 'scenario',
    scenario: 'reminder',
    subject: { appointment: 'visit' },
    step: 1,
    version: 0,
    patient: 'maria',
    branch: 'north',
    dueAt: MONDAY,
    ...overrides,
  };
}

/** An open question about the visit `visit` in a WhatsApp chat. */
export function buildConversation(overrides: Partial<Conversation> = {}): Conversation {
  return {
    id: 'talk',
    at: { channel: 'whatsapp', address: '+79161234567' },
    patient: 'maria',
    branch: 'north',
    locale: 'ru',
    machine: 'confirmation',
    version: 1,
    snapshot: { value: 'asked', context: { appointments: ['visit'] }, historyValue: {} },
    state: 'asked',
    status: 'open',
    appointments: ['visit'],
    choices: [{ id: 'confirm', key: 'conversations.confirmation.confirm' }],
    messages: ['m1'],
    openedAt: MONDAY,
    changedAt: MONDAY,
    wakeAt: null,
    pending: [],
    heard: [],
    rev: 0,
    ...overrides,
  };
}
