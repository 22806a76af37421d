import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { presentInstant } from '../presenters/instant.ts';
import { createPatientExport } from '../presenters/patient-export.ts';
import { defineRoute } from '../route.ts';
import { documentRoutes, listRoute } from './documents.ts';

const params = Joi.object<{ patient: string }>({ patient: key().required() });
const group = 'clinic data';

/** `PUT|GET /patients/{patient}`, `GET /patients`, and what a person may ask for: all that is kept, and its end. */
export function patientRoutes(deps: AdminDependencies, clinic: Clinic): readonly ServerRoute[] {
  const { stores, clock } = deps;
  const naming = { collection: 'patients', one: 'patient' };
  const exportOf = createPatientExport(deps, clinic);
  return [
    ...documentRoutes(deps, naming, clinic.patient),
    listRoute(naming, clinic.patient),
    defineRoute({
      method: 'DELETE',
      path: '/patients/{patient}/personal-data',
      group,
      summary: 'Erase name, phones and texts of a patient; figures stay',
      params,
      answers: {
        200: Joi.object({
          patient: Joi.string().required(),
          erasedAt: Joi.string().required(),
          by: Joi.string(),
        }).label('ErasureAct'),
      },
      errors: ['notFound'],
      handle: async ({ params: { patient }, by }) => {
        const at = clock.now();
        if (!(await stores.patients.erase(patient, at))) throw unknownPatient(patient);
        return { status: 200, body: { patient, erasedAt: presentInstant(at, null), by } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/patients/{patient}/export',
      group,
      summary: 'All that is kept of a patient',
      params,
      answers: { 200: Joi.object().unknown().label('PatientExport') },
      errors: ['notFound'],
      handle: async ({ params: { patient } }) => {
        const kept = await exportOf(patient);
        if (kept === null) throw unknownPatient(patient);
        return { status: 200, body: kept };
      },
    }),
  ];
}

function unknownPatient(patient: string): AppError {
  return new AppError('notFound', `There is no patient ${patient}.`);
}
