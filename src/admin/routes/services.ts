import type { ServerRoute } from '@hapi/hapi';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { documentRoutes, listRoute } from './documents.ts';

/** `PUT|GET /services/{service}` and `GET /services`. */
export function serviceRoutes(deps: Pick<AdminDependencies, 'clock'>, clinic: Clinic): readonly ServerRoute[] {
  const naming = { collection: 'services', one: 'service' };
  return [...documentRoutes(deps, naming, clinic.service), listRoute(naming, clinic.service)];
}
