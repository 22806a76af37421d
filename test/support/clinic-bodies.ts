import type { AdminServer } from './admin-server.ts';

type Body = Readonly<Record<string, unknown>>;

/** Bodies of the HTTP contract that are accepted as they are; overrides make them special. */
export const bodies = {
  branch: (overrides: Body = {}): Body => ({
    name: 'Clinic on the Hill',
    timezone: 'Asia/Tbilisi',
    country: 'GE',
    currency: 'GEL',
    locale: 'en',
    ...overrides,
  }),
  doctor: (overrides: Body = {}): Body => ({ name: 'Dr. Gelashvili', branches: ['hill'], ...overrides }),
  service: (overrides: Body = {}): Body => ({ name: 'Teeth cleaning', durationMinutes: 30, ...overrides }),
  patient: (overrides: Body = {}): Body => ({
    lastName: 'Smith',
    firstName: 'Jane',
    phones: ['+995555123456'],
    ...overrides,
  }),
  appointment: (overrides: Body = {}): Body => ({
    patient: 'jane',
    branch: 'hill',
    doctor: 'd1',
    services: ['clean'],
    start: '2026-11-26T12:00:00+04:00',
    end: '2026-11-26T12:30:00+04:00',
    status: 'unconfirmed',
    ...overrides,
  }),
};

/** One of each: branch `hill`, doctor `d1`, service `clean`, patient `jane`. */
export async function putClinic({ must }: Pick<AdminServer, 'must'>): Promise<void> {
  await must('PUT', '/branches/hill', bodies.branch());
  await must('PUT', '/doctors/d1', bodies.doctor());
  await must('PUT', '/services/clean', bodies.service());
  await must('PUT', '/patients/jane', bodies.patient());
}
