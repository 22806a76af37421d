import { placeholdersOf } from '../core/placeholder.ts';

/** The numbered placeholders of the clinics' older texts and their names (spec: communications.md, Placeholders). */
const NUMBERED: Readonly<Record<string, string>> = {
  TRD0: 'branch.name',
  TRD1: 'branch.phone',
  TRD3: 'patient.firstName',
  TRD4: 'patient.lastName',
  TRD5: 'doctor.name',
  TRD6: 'doctor.address',
  TRD7: 'doctor.phone',
  TRD8: 'appointment.date',
  TRD9: 'appointment.start',
  TRD10: 'appointment.end',
  TRD11: 'service.name',
  TRD12: 'service.price',
  TRD13: 'service.duration',
  TRD14: 'appointment.notes',
  TRD23: 'service.recommendationsBefore',
  TRD24: 'branch.notes',
  TRD25: 'appointment.weekday',
  TRD26: 'appointment.dayMonth',
  TRD27: 'branch.name',
  TRD28: 'branch.town',
  TRD29: 'branch.phone',
  TRD30: 'branch.address',
  TRD31: 'appointment.longDate',
  TRD32: 'appointment.month',
  TRD33: 'appointment.dayNumber',
  TRD35: 'patient.phone',
  TRD36: 'patient.address',
  TRD37: 'appointment.group',
  TRD38: 'branch.website',
  TRD39: 'service.tariff',
};

/** Every name that a text may use. */
export const PLACEHOLDERS: readonly string[] = [
  ...new Set([
    ...Object.values(NUMBERED),
    'patient.namePatronymic',
    'head.name',
    'offer.percent',
    'offer.until',
    'offer.services',
    'link.booking',
  ]),
];

const NUMBER = /\{\{\s*(TRD\d+)\s*\}\}|\[(TRD\d+)\]|\b(TRD\d+)\b/g;

/** The text with names in place of numbers: `[TRD3]` and `TRD3` become `{{patient.firstName}}`. */
export function nameNumbered(text: string): string {
  return text.replace(NUMBER, (whole, braced?: string, bracketed?: string, bare?: string) => {
    const name = NUMBERED[braced ?? bracketed ?? bare ?? ''];
    return name === undefined ? whole : `{{${name}}}`;
  });
}

/** Placeholders that nobody knows, each with the nearest known name; `{{#each}}` and the like are plain words. */
export function unknownPlaceholders(text: string): readonly { readonly name: string; readonly nearest: string }[] {
  const numbers = [...text.matchAll(NUMBER)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const unknownNumbers = numbers
    .filter((number) => NUMBERED[number] === undefined)
    .map((name) => ({ name, nearest: nearest(name, Object.keys(NUMBERED)) }));
  const unknownNames = placeholdersOf(nameNumbered(text))
    .filter((name) => !PLACEHOLDERS.includes(name) && !/^TRD\d+$/.test(name))
    .map((name) => ({ name, nearest: nearest(name, PLACEHOLDERS) }));
  return [...unknownNumbers, ...unknownNames];
}

function nearest(name: string, known: readonly string[]): string {
  const ranked = known.map((other) => ({ other, steps: steps(name.toLowerCase(), other.toLowerCase()) }));
  return ranked.reduce((best, one) => (one.steps < best.steps ? one : best)).other;
}

/** Letters to put in, take out or change to make one word of the other. */
function steps(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...to].entries()) {
      const change = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
