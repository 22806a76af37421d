import { DateTime } from 'luxon';
import type { Values } from '../core/content.ts';
import type { Locale } from '../core/locale.ts';
import type { Facts, Visit, VisitFacts } from './facts.ts';
import { offerLastDay } from './offer.ts';

/** The values of every placeholder for a visit, by locale and in the branch's zone; missing ones are empty. */
export function visitValues(facts: VisitFacts, locale: Locale): Values {
  return { ...commonValues(facts), ...appointmentValues(facts, locale), ...serviceValues(facts, locale) };
}

/** The values for a birthday offer that goes out at `now`; `allServices` are the words for "all". */
export function offerValues(facts: Facts, locale: Locale, now: Date, allServices: string): Values {
  const { percent, services } = facts.switches.birthday.settings;
  const lastDay = DateTime.fromISO(offerLastDay(facts, now), { zone: 'utc', locale });
  return {
    ...commonValues(facts),
    'offer.percent': percent ?? 0,
    'offer.until': lastDay.toFormat('d MMMM'),
    'offer.services': services === 'all' ? allServices : services,
  };
}

function commonValues({ branch, patient, addressee: { person, mobiles } }: Facts): Values {
  const name = branch.nameInMessages ?? branch.name;
  return {
    'branch.name': name,
    'branch.phone': branch.phone ?? '',
    'branch.website': branch.website ?? '',
    'branch.notes': branch.notes ?? '',
    'branch.town': branch.town ?? '',
    'branch.address': branch.address ?? '',
    // Who is addressed: the guardian, where there is one.
    'patient.firstName': person.firstName,
    'patient.lastName': person.lastName,
    'patient.namePatronymic': [person.firstName, person.patronymic].filter(Boolean).join(' '),
    'patient.phone': mobiles[0]?.e164 ?? person.phones[0] ?? '',
    'patient.address': person.address ?? '',
    // Who the visit is for; not a placeholder of own texts.
    'visit.patient': `${patient.firstName} ${patient.lastName}`,
    'head.name': branch.head?.name ?? name,
    'link.booking': branch.bookingUrl ?? '',
    'offer.percent': '',
    'offer.until': '',
    'offer.services': '',
  };
}

function appointmentValues({ visit: { appointment, doctor }, branch }: VisitFacts, locale: Locale): Values {
  const start = DateTime.fromJSDate(appointment.start, { zone: branch.timezone }).setLocale(locale);
  const end = DateTime.fromJSDate(appointment.end, { zone: branch.timezone }).setLocale(locale);
  return {
    'doctor.name': doctor.name,
    'doctor.address': doctor.address ?? '',
    'doctor.phone': doctor.phone ?? '',
    'appointment.date': start.toFormat('dd/MM/yyyy'),
    'appointment.dayMonth': start.toFormat('dd/MM'),
    'appointment.longDate': start.toFormat('d MMMM yyyy'),
    'appointment.month': start.toFormat('LLLL'),
    'appointment.weekday': start.toFormat('cccc'),
    'appointment.dayNumber': start.toFormat('d'),
    'appointment.start': start.toFormat('HH:mm'),
    'appointment.end': end.toFormat('HH:mm'),
    'appointment.notes': appointment.notes ?? '',
    'appointment.group': appointment.group ?? '',
    // Day and month in words, as in a sentence.
    'appointment.day': start.toFormat('d MMMM'),
  };
}

function serviceValues({ visit: { services }, branch }: VisitFacts, locale: Locale): Values {
  const price = services.reduce((sum, service) => sum + (service.price ?? 0), 0);
  return {
    'service.name': joined({ services }, ({ name }) => name),
    'service.price': price === 0 ? '' : money(price, branch.currency, locale),
    'service.duration': services.reduce((sum, service) => sum + service.durationMinutes, 0),
    'service.recommendationsBefore': joined({ services }, (service) => service.recommendationsBefore, '\n'),
    'service.tariff': joined({ services }, ({ tariff }) => tariff),
  };
}

function joined(
  { services }: Pick<Visit, 'services'>,
  part: (service: Visit['services'][number]) => string | undefined,
  glue = ', ',
): string {
  return services.map(part).filter(Boolean).join(glue);
}

function money(amount: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
