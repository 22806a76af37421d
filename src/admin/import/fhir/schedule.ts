import { element, elements } from './element.ts';
import type { Entry } from './entry.ts';
import { type Parties, partiesOf } from './parties.ts';
import type { ResourceIndex } from './resource-index.ts';

const NOBODY: Parties = { doctors: [], places: [], services: [], patients: [] };

/** Whose time a slot is: the actors of its schedule (spec: `Slot.schedule` leads through `Schedule.actor` to doctor and place). */
export function partiesOfSlot(slot: Entry, index: ResourceIndex): Parties {
  const schedule = index.resolve(element(slot.resource['schedule']), slot)?.entry ?? null;
  return schedule === null ? NOBODY : partiesOf(elements(schedule.resource['actor']), schedule, index);
}
