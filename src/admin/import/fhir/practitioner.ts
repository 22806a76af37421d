import { type PlannedPut, plannedPut } from '../plan.ts';
import { conceptName } from './coding.ts';
import { elements } from './element.ts';
import type { Entry } from './entry.ts';
import { displayName } from './person-name.ts';

/** Practitioner, with the roles that name it → doctor. Numbers and addresses of doctors stay as the clinic stored them. */
export function mapPractitioner(
  { label, key, resource }: Entry,
  { roles, branches, now }: { roles: readonly Entry[]; branches: readonly string[]; now: Date },
): PlannedPut {
  const name = displayName(resource['name'], now);
  const specialty = specialtyOf(roles);
  return plannedPut({
    type: 'doctor',
    key,
    label,
    body: {
      ...(name !== undefined && { name }),
      ...(specialty !== undefined && { specialty }),
      branches,
    },
    fields: { branches: 'PractitionerRole.location' },
  });
}

/** The first specialty that these roles name; roles that are over come last. */
function specialtyOf(roles: readonly Entry[]): string | undefined {
  const current = roles.toSorted(
    (a, b) => Number(a.resource['active'] === false) - Number(b.resource['active'] === false),
  );
  return current.flatMap(({ resource }) =>
    elements(resource['specialty']).flatMap((each) => conceptName(each) ?? []),
  )[0];
}
