import { refusalKey } from '../../core/address.ts';
import type { Identity, Patient } from '../../core/patient.ts';
import { reliabilityOf } from '../../core/reliability.ts';
import type { Stores } from '../../core/stores.ts';
import { presentInstant } from './instant.ts';

/** A patient as the API shows it: the clinic's fields, over them what was chosen in chat, and what is reckoned from visits and chats. */
export function createPatientPresenter(
  stores: Pick<Stores, 'identities' | 'refusals' | 'appointments'>,
): (patient: Patient) => Promise<object> {
  return async (patient) => {
    const [identities, visits] = await Promise.all([
      stores.identities.ofPatient(patient.id),
      stores.appointments.briefsOfPatient(patient.id),
    ]);
    const open = identities.filter(isKnown);
    const stopped = await stores.refusals.stopped([...patient.phones, ...open.map(refusalKey)]);
    return {
      id: patient.id,
      lastName: patient.lastName,
      firstName: patient.firstName,
      patronymic: patient.patronymic,
      sex: patient.sex,
      birthDate: patient.birthDate,
      town: patient.town,
      address: patient.address,
      phones: patient.phones,
      email: patient.email,
      locale: patient.chosenLocale ?? patient.locale,
      channel: patient.channel,
      consent: consentOf(patient),
      guardian: patient.guardian === undefined ? undefined : { patient: patient.guardian },
      tags: patient.tags,
      discountPercent: patient.discountPercent,
      changedAt: presentInstant(patient.changedAt, null),
      changedBy: patient.changedBy,
      notificationsRefused: stopped.size > 0,
      reliability: reliabilityOf(visits),
      identities: open.map(({ channel, address }) => ({ channel, address })),
      discount: discountOf(patient),
    };
  };
}

function isKnown({ closedAt, linkedAt, lastInboundAt, lastOutboundAt }: Identity): boolean {
  return closedAt === undefined && (linkedAt ?? lastInboundAt ?? lastOutboundAt) !== undefined;
}

/** Consents given in chat stand where the clinic's own say nothing. */
function consentOf({ consent, chatConsent }: Patient): object | undefined {
  if (consent === undefined && chatConsent === undefined) return undefined;
  return {
    messages: consent?.messages ?? chatConsent?.messages,
    advertising: consent?.advertising ?? chatConsent?.advertising,
  };
}

/** The higher of card and birthday counts (spec: scenarios.md, birthday). */
function discountOf({ birthdayDiscount, discountPercent }: Patient): object | undefined {
  if (birthdayDiscount !== undefined && birthdayDiscount.percent >= (discountPercent ?? 0))
    return {
      percent: birthdayDiscount.percent,
      source: 'birthday',
      until: presentInstant(birthdayDiscount.until, null),
    };
  return discountPercent === undefined ? undefined : { percent: discountPercent, source: 'card' };
}
