import Joi from 'joi';
import type { Service, ServiceBody } from '../../core/service.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { amount } from '../fields/amount.ts';
import { duration } from '../fields/instant.ts';
import { type PageQuery, pageRequest } from '../fields/page.ts';
import { line, prose } from '../fields/text.ts';
import { presentInstant } from '../presenters/instant.ts';
import { storedAnswer } from '../presenters/stamped.ts';
import type { ListedNoun } from './noun.ts';

const MINUTES_A_DAY = 1440;

const schema = Joi.object<ServiceBody>({
  name: line().required(),
  synonyms: Joi.array().items(line()).max(100).default([]),
  group: line(),
  durationMinutes: Joi.number().integer().min(1).max(MINUTES_A_DAY).required(),
  price: amount(),
  tariff: line(),
  recommendationsBefore: prose(),
  recommendationsAfter: prose(),
  recallAfter: duration(),
  memo: Joi.boolean().default(true),
}).label('Service');

/** Services, with their texts for before and after. */
export function createServices({ stores }: Pick<AdminDependencies, 'stores'>): ListedNoun<ServiceBody> {
  return {
    schema,
    answer: storedAnswer(schema, 'StoredService'),
    async put(id, body, { at }) {
      const put = await stores.services.put(id, body, at, 'clinic');
      return { created: put.created, document: presentService(put.document) };
    },
    async get(id) {
      const service = await stores.services.get(id);
      return service === null ? null : presentService(service);
    },
    async list(query: PageQuery) {
      const page = await stores.services.list(pageRequest(query));
      return { items: page.items.map(presentService), next: page.next };
    },
  };
}

function presentService(service: Service): object {
  return { ...service, changedAt: presentInstant(service.changedAt, null) };
}
