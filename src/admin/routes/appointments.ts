import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { type AppointmentQuery, STATUSES } from '../../core/appointment.ts';
import { AppError } from '../../core/errors.ts';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery } from '../fields/page.ts';
import { defineRoute } from '../route.ts';
import { documentRoutes } from './documents.ts';

const group = 'clinic data';

const query = Joi.object<PageQuery & AppointmentQuery>({
  ...pageQuery,
  branch: key(),
  patient: key(),
  doctor: key(),
  status: Joi.string().valid(...STATUSES),
  from: instant().description('start at or after'),
  to: instant().description('start before'),
});

/** `PUT|GET|DELETE /appointments/{appointment}` and `GET /appointments`. */
export function appointmentRoutes(
  deps: Pick<AdminDependencies, 'clock'>,
  { appointment: appointments }: Clinic,
): readonly ServerRoute[] {
  return [
    ...documentRoutes(deps, { collection: 'appointments', one: 'appointment' }, appointments),
    defineRoute({
      method: 'GET',
      path: '/appointments',
      group,
      summary: 'Appointments',
      query,
      answers: { 200: listOf(appointments.answer, 'appointmentsList') },
      handle: async ({ query: wanted }) => ({ status: 200, body: await appointments.list(wanted) }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/appointments/{appointment}',
      group,
      summary: 'Take an appointment away; its plans end and no return is sent',
      params: Joi.object<{ appointment: string }>({ appointment: key().required() }),
      answers: { 204: null },
      errors: ['notFound'],
      handle: async ({ params: { appointment } }) => {
        if (!(await appointments.remove(appointment, deps.clock.now())))
          throw new AppError('notFound', `There is no appointment ${appointment}.`);
        return { status: 204 };
      },
    }),
  ];
}
