import type { Sentence, Values } from '../../../core/content.ts';
import type { Locale } from '../../../core/locale.ts';

const DAY = new Date('2026-12-01T12:00:00Z');

/** A made-up patient's values, which Meta's reviewers see in place of the numbers. */
export function sampleValues(language: Locale, sentence: Sentence): Values {
  const words = (name: string): string => sentence(`scenarios.sample.${name}`, language);
  const day = (form: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language, { ...form, timeZone: 'UTC' }).format(DAY);
  return {
    'patient.firstName': words('firstName'),
    'patient.namePatronymic': words('firstName'),
    'doctor.name': words('doctor'),
    'branch.name': words('branch'),
    'head.name': words('doctor'),
    'appointment.weekday': day({ weekday: 'long' }),
    'appointment.longDate': day({ day: 'numeric', month: 'long', year: 'numeric' }),
    'appointment.start': '12:00',
    'offer.percent': 10,
    'offer.until': day({ day: 'numeric', month: 'long' }),
    'offer.services': words('service'),
    count: 24,
    rest: words('before'),
  };
}
