import { type Locale, parseLocale } from '../../../core/locale.ts';
import { type PlannedPut, plannedPut } from '../plan.ts';
import { conceptCodes, conceptName } from './coding.ts';
import { type Element, element, elements, text } from './element.ts';
import type { Entry } from './entry.ts';
import { personName } from './person-name.ts';
import { currentAddress, postalAddress } from './postal-address.ts';
import { emailOf, phonesOf } from './telecom.ts';

const FULL_DATE_LENGTH = 10;
const MOST_PHONES = 10;

/** Patient → patient. One who died or is not active any more is kept, as visits name them, but is not written to. */
export function mapPatient({ label, key, resource }: Entry, now: Date): PlannedPut {
  const phones = phonesOf(resource['telecom'], now).slice(0, MOST_PHONES);
  const email = emailOf(resource['telecom'], now);
  const birthDate = text(resource['birthDate']);
  const locale = preferredLocale(resource);
  const sex = ['female', 'male'].find((known) => known === resource['gender']);
  const gone = resource['active'] === false || hasDied(resource);
  return plannedPut({
    type: 'patient',
    key,
    label,
    body: {
      ...personName(resource['name'], now),
      ...(sex !== undefined && { sex }),
      ...(birthDate !== undefined && !isPartialDate(birthDate) && { birthDate }),
      ...postalAddress(currentAddress(resource['address'], now)),
      phones: phones.map(({ value }) => value),
      ...(email !== null && { email: email.value }),
      ...(locale !== null && { locale }),
      ...(gone && { channel: 'none' }),
    },
    fields: {
      lastName: 'name.family',
      firstName: 'name.given',
      patronymic: 'name.given',
      ...Object.fromEntries(phones.map(({ index }, at) => [`phones.${at}`, `telecom[${index}].value`])),
      ...(email !== null && { email: `telecom[${email.index}].value` }),
    },
  });
}

function hasDied(resource: Element): boolean {
  return resource['deceasedBoolean'] === true || text(resource['deceasedDateTime']) !== undefined;
}

/** FHIR allows a year or a month alone; there is no birthday in them. */
function isPartialDate(date: string): boolean {
  return date.length < FULL_DATE_LENGTH && /^\d{4}(-\d{2})?$/.test(date);
}

function preferredLocale(resource: Element): Locale | null {
  const languages = elements(resource['communication']);
  const chosen =
    languages.find((each) => each['preferred'] === true) ?? (languages.length === 1 ? languages[0] : undefined);
  if (chosen === undefined) return null;
  const concept = element(chosen['language']);
  const codes = conceptCodes(concept).flatMap((code) => parseLocale(code) ?? []);
  return codes[0] ?? parseLocale(conceptName(concept) ?? '');
}
