import { type PlannedPut, plannedPut } from '../plan.ts';
import { type Element, element, elements, oneLine, text, texts } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { countryOf, currentAddress, postalAddress } from './postal-address.ts';
import type { ResourceIndex } from './resource-index.ts';
import { phonesOf, webAddressOf } from './telecom.ts';

/** What the command line says of every branch. */
export interface BranchFlags {
  readonly timezone?: string;
  readonly country?: string;
  readonly currency?: string;
  readonly locale?: string;
}

const ZONE_EXTENSIONS = [
  'http://hl7.org/fhir/StructureDefinition/timezone',
  'http://hl7.org/fhir/StructureDefinition/tz-code',
];

/** Location → branch. The command line stands above the address's country and the zone extension, and those only where nothing is stored. */
export function mapLocation({ label, key, resource }: Entry, flags: BranchFlags, now: Date): PlannedPut {
  const address = currentAddress([resource['address']], now);
  const phone = phonesOf(resource['telecom'], now)[0];
  const website = webAddressOf(resource['telecom'], now);
  const name = oneLine(resource['name']) ?? oneLine(texts(resource['alias'])[0]) ?? oneLine(resource['description']);
  const [country, timezone] = [countryOf(address), zoneOf(resource)];
  return plannedPut({
    type: 'branch',
    key,
    label,
    body: {
      ...(name !== undefined && { name }),
      ...postalAddress(address),
      ...(phone !== undefined && { phone: phone.value }),
      ...(website !== null && { website: website.value }),
      ...flags,
    },
    fallback: {
      ...(country !== undefined && { country }),
      ...(timezone !== undefined && { timezone }),
    },
    fields: {
      ...(phone !== undefined && { phone: `telecom[${phone.index}].value` }),
      ...(website !== null && { website: `telecom[${website.index}].value` }),
    },
  });
}

/** The place at the top of `partOf`, as far as the file or a display goes: rooms and wards belong to their clinic. */
export function topPlace(place: Target, index: ResourceIndex): Target {
  let top = place;
  const seen = new Set<string>([top.key]);
  while (top.entry !== null) {
    const parent = index.resolve(element(top.entry.resource['partOf']), top.entry);
    const known = parent !== null && (parent.entry !== null || parent.display !== undefined);
    if (!known || parent.type !== 'Location' || seen.has(parent.key)) return top;
    seen.add(parent.key);
    top = parent;
  }
  return top;
}

function zoneOf(resource: Element): string | undefined {
  return [...elements(resource['extension']), ...elements(element(resource['address'])['extension'])]
    .filter((extension) => ZONE_EXTENSIONS.includes(text(extension['url']) ?? ''))
    .flatMap((extension) => text(extension['valueCode']) ?? [])[0];
}
