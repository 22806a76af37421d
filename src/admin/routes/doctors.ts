import type { ServerRoute } from '@hapi/hapi';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { documentRoutes, listRoute } from './documents.ts';

/** `PUT|GET /doctors/{doctor}` and `GET /doctors`. */
export function doctorRoutes(deps: Pick<AdminDependencies, 'clock'>, clinic: Clinic): readonly ServerRoute[] {
  const naming = { collection: 'doctors', one: 'doctor' };
  return [...documentRoutes(deps, naming, clinic.doctor), listRoute(naming, clinic.doctor)];
}
