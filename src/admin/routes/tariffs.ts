import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { CHANNELS } from '../../core/channel-name.ts';
import type { Prices, Tariff } from '../../core/money.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { amount } from '../fields/amount.ts';
import { instant } from '../fields/instant.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { currency } from '../fields/place.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

interface TariffInput {
  readonly currency: string;
  readonly from: Date;
  readonly prices: Partial<Prices>;
}

const path = '/tariffs';
const group = 'money';
const prices = Joi.object<Partial<Prices>>(Object.fromEntries(CHANNELS.map((channel) => [channel, amount()])));

const input = Joi.object<TariffInput>({
  currency: currency().required(),
  from: instant().required(),
  prices: prices.min(1).required().label('Prices'),
})
  .required()
  .label('Tariff');

const answer = Joi.object({
  currency: Joi.string().required(),
  from: Joi.string().required(),
  prices: prices.required().label('Prices'),
}).label('StoredTariff');

/** `GET|PUT /tariffs`: prices of one message by channel, each from a moment on. */
export function tariffRoutes({ stores }: Pick<AdminDependencies, 'stores'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'Prices that were set',
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: listOf(answer, 'tariffsList') },
      handle: async ({ query }) => {
        const page = await stores.tariffs.list(pageRequest(query));
        return { status: 200, body: { items: page.items.map(presentTariff), next: page.next } };
      },
    }),
    defineRoute({
      method: 'PUT',
      path,
      group,
      summary: 'Set prices of a currency from a moment on; a channel left out keeps its price',
      body: input,
      answers: { 200: answer },
      handle: async ({ body }) => ({ status: 200, body: presentTariff(await stores.tariffs.put(body)) }),
    }),
  ];
}

function presentTariff(tariff: Tariff): object {
  return { currency: tariff.currency, from: presentInstant(tariff.from, null), prices: tariff.prices };
}
