import { type Element, element, elements, oneLine } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { topPlace } from './location.ts';
import type { ResourceIndex } from './resource-index.ts';

/** Who and where, as far as references say it. Places are those that become branches. */
export interface Parties {
  readonly doctors: readonly Target[];
  readonly places: readonly Target[];
  readonly services: readonly Target[];
  readonly patients: readonly Target[];
}

/** Follows references to people, places and services; a role stands for its practitioner, its places and its services. */
export function partiesOf(actors: readonly Element[], from: Entry, index: ResourceIndex): Parties {
  const targets = actors.flatMap((actor) => index.resolve(actor, from) ?? []);
  const roles = targets.filter(({ type }) => type === 'PractitionerRole');
  const ofType = (type: string): readonly Target[] => targets.filter((target) => target.type === type);
  const ofRoles = (field: string): readonly Target[] =>
    roles.flatMap(({ entry }) =>
      entry === null ? [] : elements(entry.resource[field]).flatMap((each) => index.resolve(each, entry) ?? []),
    );
  const places = [...ofType('Location'), ...ofRoles('location').filter(({ type }) => type === 'Location')];
  return {
    doctors: distinct([...ofType('Practitioner'), ...roles.map((role) => practitionerOf(role, index))]),
    places: distinct(places.map((place) => topPlace(place, index))),
    services: distinct([...ofType('HealthcareService'), ...ofRoles('healthcareService')]),
    patients: distinct(ofType('Patient')),
  };
}

/** A role that names nobody is a doctor itself, called as the reference says. */
function practitionerOf(role: Target, index: ResourceIndex): Target {
  if (role.entry === null) return role;
  const reference = element(role.entry.resource['practitioner']);
  const found = index.resolve(reference, role.entry);
  return found ?? { ...role, entry: null, display: role.display ?? oneLine(reference['display']) };
}

function distinct(targets: readonly Target[]): readonly Target[] {
  const same = (a: Target, b: Target): boolean => a.type === b.type && a.key === b.key;
  return targets.filter((target, at) => targets.findIndex((other) => same(other, target)) === at);
}
