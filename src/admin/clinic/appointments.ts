import Joi from 'joi';
import { type AppointmentBody, type AppointmentQuery, SOURCES, STATUSES } from '../../core/appointment.ts';
import { DAY_MS } from '../../core/clock.ts';
import { invalid } from '../../core/errors.ts';
import type { Page } from '../../core/page.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { percent } from '../fields/amount.ts';
import { duration, instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { type PageQuery, pageRequest } from '../fields/page.ts';
import { line, prose } from '../fields/text.ts';
import { presentAppointment } from '../presenters/appointment.ts';
import { branchZones } from '../presenters/branch-zones.ts';
import { storedAnswer } from '../presenters/stamped.ts';
import type { Noun } from './noun.ts';
import { countriesOf, readPhone } from './phones.ts';
import { type Reference, requireKnown } from './references.ts';

/** The body as it is written, with the clinic's own word on when it was changed. */
interface AppointmentInput extends AppointmentBody {
  readonly changedAt?: Date;
}

const discount = Joi.object({ service: key().required(), percent: percent().required() }).label('ServiceDiscount');

const schema = Joi.object<AppointmentInput>({
  patient: key().required(),
  branch: key().required(),
  doctor: key().required(),
  services: Joi.array().items(key()).max(50).default([]),
  start: instant().required(),
  end: instant().required(),
  status: Joi.string()
    .valid(...STATUSES)
    .required(),
  source: Joi.string()
    .valid(...SOURCES)
    .default('desk'),
  partner: line(64),
  bookedAt: instant(),
  incognito: Joi.boolean().default(false),
  phone: line(40),
  notes: prose(),
  group: line(),
  recallAfter: duration(),
  discounts: Joi.array().items(discount).unique('service').max(50).default([]),
  changedAt: instant(),
}).label('Appointment');

const answer = storedAnswer(schema, 'StoredAppointment', {
  start: Joi.string().required(),
  end: Joi.string().required(),
  bookedAt: Joi.string().required(),
  discount: Joi.object({ percent: Joi.number().required(), source: Joi.string().valid('birthday').required() }).label(
    'AppointmentDiscount',
  ),
  applied: Joi.boolean().valid(false).description('an older changedAt was set aside'),
});

/** Appointments: the heart of the data. */
export interface Appointments extends Noun<AppointmentInput> {
  list(query: PageQuery & AppointmentQuery): Promise<Page<object>>;
  /** False when there is none. */
  remove(id: string, at: Date): Promise<boolean>;
}

/** Makes the appointments of the API; instants are shown in the branch's offset. */
export function createAppointments({ stores }: Pick<AdminDependencies, 'stores'>): Appointments {
  return {
    schema,
    answer,
    async put(id, { changedAt, ...body }, { at, quiet }) {
      requireOrder(body.start, body.end);
      await requireKnown(stores, referencesOf(body));
      const phone =
        body.phone === undefined
          ? undefined
          : readPhone(body.phone, 'phone', await countriesOf(stores.branches, [body.branch]));
      const put = await stores.appointments.put(
        id,
        { ...body, ...(phone !== undefined && { phone }) },
        { at, by: 'clinic', quiet, ...(changedAt !== undefined && { changedAt }) },
      );
      const shown = presentAppointment(put.document, await branchZones(stores.branches));
      return { created: put.created, document: put.applied ? shown : { ...shown, applied: false } };
    },
    async get(id) {
      const appointment = await stores.appointments.get(id);
      return appointment === null ? null : presentAppointment(appointment, await branchZones(stores.branches));
    },
    async list({ cursor, limit, ...query }) {
      const zones = await branchZones(stores.branches);
      const page = await stores.appointments.list(
        query,
        pageRequest({ limit, ...(cursor !== undefined && { cursor }) }),
      );
      return { items: page.items.map((item) => presentAppointment(item, zones)), next: page.next };
    },
    remove: (id, at) => stores.appointments.remove(id, at),
  };
}

function requireOrder(start: Date, end: Date): void {
  const lengthMs = end.getTime() - start.getTime();
  if (lengthMs <= 0) throw invalid('end', 'must be after start');
  if (lengthMs > DAY_MS) throw invalid('end', 'must be within 24 hours of start');
}

function referencesOf(body: AppointmentBody): readonly Reference[] {
  return [
    { to: 'patient', key: body.patient, path: 'patient' },
    { to: 'branch', key: body.branch, path: 'branch' },
    { to: 'doctor', key: body.doctor, path: 'doctor' },
    ...body.services.map((key, index): Reference => ({ to: 'service', key, path: `services.${index}` })),
    ...body.discounts.map(
      ({ service }, index): Reference => ({ to: 'service', key: service, path: `discounts.${index}.service` }),
    ),
  ];
}
