import Joi from 'joi';
import { DateTime } from 'luxon';
import { CHANNELS } from '../../core/channel-name.ts';
import { AppError, invalid } from '../../core/errors.ts';
import { LOCALES } from '../../core/locale.ts';
import type { PatientBody } from '../../core/patient.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { percent } from '../fields/amount.ts';
import { day } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { type PageQuery, pageRequest } from '../fields/page.ts';
import { line, mailAddress } from '../fields/text.ts';
import { createPatientPresenter } from '../presenters/patient.ts';
import { storedAnswer } from '../presenters/stamped.ts';
import type { ListedNoun } from './noun.ts';
import { countriesOf, readPhone } from './phones.ts';
import { requireKnown } from './references.ts';

/** The body as it is written: a guardian is an object with the patient's key. */
export interface PatientInput extends Omit<PatientBody, 'guardian'> {
  readonly guardian?: { readonly patient: string };
}

const FARTHEST_ZONE_HOURS = 14;

const schema = Joi.object<PatientInput>({
  lastName: line(100).required(),
  firstName: line(100).required(),
  patronymic: line(100),
  sex: Joi.string().valid('female', 'male'),
  birthDate: day(),
  town: line(),
  address: line(500),
  phones: Joi.array().items(line(40)).max(10).default([]),
  email: mailAddress(),
  locale: Joi.string().valid(...LOCALES),
  channel: Joi.string().valid(...CHANNELS, 'none'),
  consent: Joi.object({ messages: Joi.boolean(), advertising: Joi.boolean() }).label('Consent'),
  guardian: Joi.object({ patient: key().required() }).label('Guardian'),
  tags: Joi.array().items(line(64)).max(50).default([]),
  discountPercent: percent(),
}).label('Patient');

const answer = storedAnswer(schema, 'StoredPatient', {
  notificationsRefused: Joi.boolean().required(),
  reliability: Joi.object({
    visits: Joi.number().required(),
    noShows: Joi.number().required(),
    share: Joi.number().required(),
    unreliable: Joi.boolean().required(),
  })
    .required()
    .label('Reliability'),
  identities: Joi.array()
    .items(Joi.object({ channel: Joi.string(), address: Joi.string() }).label('Identity'))
    .required(),
  discount: Joi.object({
    percent: Joi.number().required(),
    source: Joi.string().valid('card', 'birthday').required(),
    until: Joi.string(),
  }).label('PatientDiscount'),
});

/** Patients; the answer also says how they keep visits, where they are reached and which discount counts. */
export function createPatients({ stores }: Pick<AdminDependencies, 'stores'>): ListedNoun<PatientInput> {
  const present = createPatientPresenter(stores);
  return {
    schema,
    answer,
    async put(id, input, { at }) {
      const { guardian, ...rest } = input;
      if (input.birthDate !== undefined) requirePast(input.birthDate, at);
      if (guardian?.patient === id) throw invalid('guardian.patient', 'is the patient');
      if (guardian !== undefined) await requireGuardian(guardian.patient);
      const countries = await countriesOf(stores.branches);
      const phones = [...new Set(input.phones.map((phone, index) => readPhone(phone, `phones.${index}`, countries)))];
      const body: PatientBody = { ...rest, phones, ...(guardian !== undefined && { guardian: guardian.patient }) };
      const put = await stores.patients.put(id, body, at, 'clinic');
      return { created: put.created, document: await present(put.document) };
    },
    async get(id) {
      const patient = await stores.patients.get(id);
      return patient === null ? null : present(patient);
    },
    async list(query: PageQuery) {
      const page = await stores.patients.list(pageRequest(query));
      return { items: await Promise.all(page.items.map(present)), next: page.next };
    },
  };

  async function requireGuardian(guardian: string): Promise<void> {
    await requireKnown(stores, [{ to: 'patient', key: guardian, path: 'guardian.patient' }]);
    if ((await stores.patients.get(guardian))?.guardian !== undefined)
      throw new AppError('guardianChain', 'guardian.patient: has a guardian too', [
        { path: 'guardian.patient', message: 'has a guardian too' },
      ]);
  }
}

/** Somebody born on a day that has begun nowhere yet does not exist. */
function requirePast(birthDate: string, now: Date): void {
  const newest = DateTime.fromJSDate(now, { zone: 'utc' }).plus({ hours: FARTHEST_ZONE_HOURS }).toISODate() ?? '';
  if (birthDate > newest) throw invalid('birthDate', 'is in the future');
}
