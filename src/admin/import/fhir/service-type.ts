import { codingTokens, conceptName } from './coding.ts';
import { elements } from './element.ts';
import type { Entry, ResourceIndex, Target } from './resource-index.ts';

/** The HealthcareServices of the file that an appointment means by its `serviceType`: by a shared code, else by name. */
export function servicesByType(appointment: Entry, index: ResourceIndex): readonly Target[] {
  const wanted = elements(appointment.resource['serviceType']);
  const tokens = codingTokens(wanted);
  const names = wanted.flatMap((each) => conceptName(each) ?? []);
  const byCode = index
    .ofType('HealthcareService')
    .filter(({ resource }) => codingTokens(elements(resource['type'])).some((token) => tokens.includes(token)));
  const byName = names.flatMap((name) => index.named('HealthcareService', name) ?? []);
  const found = byCode.length === 1 ? byCode : byName;
  return [...new Set(found)].map((entry) => ({ type: entry.type, key: entry.key, entry, display: undefined }));
}
