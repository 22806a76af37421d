import type { ServerRoute } from '@hapi/hapi';
import type { Clinic } from '../clinic/clinic.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { documentRoutes, listRoute } from './documents.ts';

/** `PUT|GET /branches/{branch}` and `GET /branches`. */
export function branchRoutes(deps: Pick<AdminDependencies, 'clock'>, clinic: Clinic): readonly ServerRoute[] {
  const naming = { collection: 'branches', one: 'branch' };
  return [...documentRoutes(deps, naming, clinic.branch), listRoute(naming, clinic.branch)];
}
