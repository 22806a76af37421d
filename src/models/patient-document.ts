import { AppError } from '../core/errors.ts';
import type { Patient, PatientBody } from '../core/patient.ts';
import type { OutgoingChange } from './changes.ts';
import { collectionSchema, type Definition, type Keyed, knownFields, partSchema } from './schema.ts';

/** A patient as stored, with what of it is still to be told. */
export interface PatientDocument extends Omit<Patient, 'id'>, Keyed {
  /** `MM-DD` of the birth date. */
  readonly birthDay?: string;
  /** Years whose birthday discount was given, so that none is given twice. */
  readonly discountYears: readonly number[];
  readonly rev: number;
  readonly unheard?: true;
  readonly outgoing: readonly OutgoingChange[];
}

const body: Definition<PatientBody> = {
  lastName: String,
  firstName: String,
  patronymic: String,
  sex: String,
  birthDate: String,
  town: String,
  address: String,
  phones: [String],
  email: String,
  locale: String,
  channel: String,
  consent: partSchema({ messages: Boolean, advertising: Boolean }),
  guardian: String,
  tags: [String],
  discountPercent: Number,
};

/** Patients by key, with the indexes of every way in which they are looked for. */
export const patientSchema = collectionSchema<PatientDocument>('patients', {
  ...body,
  changedAt: Date,
  changedBy: String,
  storedAt: Date,
  chosenLocale: String,
  chatConsent: partSchema({ messages: Boolean, advertising: Boolean, textVersion: String, at: Date }),
  birthDateEnteredAt: Date,
  birthdayDiscount: partSchema({ percent: Number, until: Date, year: Number, branch: String }),
  erasedAt: Date,
  birthDay: String,
  discountYears: [Number],
  rev: Number,
  unheard: Boolean,
  outgoing: [partSchema({ change: String, at: Date, by: String, unique: String })],
});
patientSchema.index({ phones: 1 });
patientSchema.index({ guardian: 1 }, { sparse: true });
patientSchema.index({ birthDay: 1, _id: 1 }, { partialFilterExpression: { birthDay: { $exists: true } } });
patientSchema.index({ 'birthdayDiscount.until': 1 }, { sparse: true });
patientSchema.index({ unheard: 1 }, { sparse: true });

/** The patient without what is only the store's. */
export function readPatient(stored: PatientDocument): Patient {
  const { birthDay, discountYears, rev, unheard, outgoing, ...fields } = knownFields(patientSchema, stored);
  return { ...(fields as Omit<Patient, 'id'>), id: stored._id };
}

/** The clinic's own fields, as they are compared. */
export function bodyOf(from: PatientBody | PatientDocument): Record<string, unknown> {
  const fields = Object.entries(from).filter(([name, value]) => name in body && value !== undefined);
  return Object.fromEntries(fields);
}

/** Throws `AppError('discountLocked')` (spec: api.md, Clinic data). */
export function refuseLockedDiscount(stored: PatientDocument, given: PatientBody, at: Date): void {
  const running = stored.birthdayDiscount !== undefined && stored.birthdayDiscount.until > at;
  if (running && stored.discountPercent !== given.discountPercent) {
    throw new AppError('discountLocked', 'discountPercent cannot change while a birthday discount runs');
  }
}

/** The clinic's fields over what we keep ourselves: a PUT touches neither the chosen language nor consents nor discounts. */
export function mergedPatient(
  id: string,
  stored: PatientDocument | null,
  given: PatientBody,
  stamp: Pick<PatientDocument, 'changedAt' | 'changedBy'>,
): PatientDocument {
  const enteredAt = stored?.birthDate === given.birthDate ? stored?.birthDateEnteredAt : stamp.changedAt;
  return {
    ...given,
    ...stamp,
    _id: id,
    storedAt: stored?.storedAt ?? stamp.changedAt,
    ...(stored?.chosenLocale && { chosenLocale: stored.chosenLocale }),
    ...(stored?.chatConsent && { chatConsent: stored.chatConsent }),
    ...(stored?.birthdayDiscount && { birthdayDiscount: stored.birthdayDiscount }),
    ...(given.birthDate !== undefined && {
      birthDay: given.birthDate.slice(5),
      birthDateEnteredAt: enteredAt ?? stamp.changedAt,
    }),
    discountYears: stored?.discountYears ?? [],
    rev: stored?.rev ?? 0,
    outgoing: stored?.outgoing ?? [],
  };
}

/** What the clinic's system is told of a discount. */
export function discountChange(id: string, what: string, at: Date): OutgoingChange {
  return { change: 'discount', at, by: 'staff', unique: `p:${id}:discount:${what}` };
}

/** What is left of a patient: the key, figures, and what was refused. */
export function erasedPatient(stored: PatientDocument, at: Date): PatientDocument {
  const { _id, changedAt, changedBy, storedAt, consent, birthdayDiscount, discountYears, rev, outgoing } = stored;
  const figures = { _id, changedAt, changedBy, storedAt, discountYears, rev, outgoing };
  return {
    ...figures,
    lastName: '',
    firstName: '',
    phones: [],
    tags: [],
    erasedAt: at,
    ...(consent && { consent }),
    ...(birthdayDiscount && { birthdayDiscount }),
  };
}
