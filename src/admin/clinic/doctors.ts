import Joi from 'joi';
import type { Doctor, DoctorBody } from '../../core/doctor.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { type PageQuery, pageRequest } from '../fields/page.ts';
import { line, mailAddress } from '../fields/text.ts';
import { presentInstant } from '../presenters/instant.ts';
import { storedAnswer } from '../presenters/stamped.ts';
import type { ListedNoun } from './noun.ts';
import { countriesOf, readPhone } from './phones.ts';
import { requireKnown } from './references.ts';

const schema = Joi.object<DoctorBody>({
  name: line().required(),
  branches: Joi.array().items(key()).unique().default([]),
  specialty: line(),
  memo: Joi.boolean().default(true),
  phone: line(40),
  address: line(500),
  email: mailAddress(),
  telegram: line(64),
}).label('Doctor');

/** Doctors; of no branch's zone. */
export function createDoctors({ stores }: Pick<AdminDependencies, 'stores'>): ListedNoun<DoctorBody> {
  return {
    schema,
    answer: storedAnswer(schema, 'StoredDoctor'),
    async put(id, body, { at }) {
      await requireKnown(
        stores,
        body.branches.map((branch, index) => ({ to: 'branch', key: branch, path: `branches.${index}` })),
      );
      const phone =
        body.phone === undefined
          ? undefined
          : readPhone(body.phone, 'phone', await countriesOf(stores.branches, body.branches));
      const put = await stores.doctors.put(id, { ...body, ...(phone !== undefined && { phone }) }, at, 'clinic');
      return { created: put.created, document: presentDoctor(put.document) };
    },
    async get(id) {
      const doctor = await stores.doctors.get(id);
      return doctor === null ? null : presentDoctor(doctor);
    },
    async list(query: PageQuery) {
      const page = await stores.doctors.list(pageRequest(query));
      return { items: page.items.map(presentDoctor), next: page.next };
    },
  };
}

function presentDoctor(doctor: Doctor): object {
  return { ...doctor, changedAt: presentInstant(doctor.changedAt, null) };
}
