import { codingTokens, conceptName } from './coding.ts';
import { elements } from './element.ts';
import type { Entry, Target } from './entry.ts';
import type { ResourceIndex } from './resource-index.ts';

/** The HealthcareServices of the file that an appointment means by its `serviceType`: by a shared code, else by name. */
export function servicesByType(appointment: Entry, index: ResourceIndex): readonly Target[] {
  const wanted = elements(appointment.resource['serviceType']);
  const tokens = codingTokens(wanted);
  const names = wanted.flatMap((each) => conceptName(each) ?? []);
  const services = index.ofType('HealthcareService');
  const byCode = services.filter(({ resource }) =>
    codingTokens(elements(resource['type'])).some((token) => tokens.includes(token)),
  );
  if (byCode.length === 1)
    return byCode.map((entry) => ({ type: entry.type, key: entry.key, entry, display: undefined }));
  const byName = names.flatMap((name) => index.named('HealthcareService', name) ?? []);
  return byName.filter(({ key }, at) => byName.findIndex((other) => other.key === key) === at);
}
