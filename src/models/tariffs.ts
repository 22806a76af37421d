import type { Connection } from 'mongoose';
import { CHANNELS } from '../core/channel-name.ts';
import { DEFAULT_PRICES, type Prices, type Tariff, type TariffStore } from '../core/money.ts';
import { pageOf } from './paging.ts';
import { collectionSchema, type Keyed, partSchema } from './schema.ts';
import { upsert } from './upsert.ts';

/** What was given; channels left out follow from the earlier tariffs. The key sorts by currency and start. */
interface TariffDocument extends Keyed {
  readonly currency: string;
  readonly from: Date;
  readonly prices: Partial<Prices>;
}

const schema = collectionSchema<TariffDocument>('tariffs', {
  currency: String,
  from: Date,
  prices: partSchema(Object.fromEntries(CHANNELS.map((channel) => [channel, Number]))),
});
schema.index({ currency: 1, from: 1 });

/** Effective-dated prices; a tariff of the same currency and start replaces the earlier one. */
export function createTariffStore(connection: Connection): TariffStore {
  const model = connection.model<TariffDocument>('Tariff', schema);
  const at = async (currency: string, now: Date): Promise<Prices> => {
    const inForce = await model
      .find({ currency, from: { $lte: now } })
      .sort({ from: 1 })
      .lean<TariffDocument[]>();
    return inForce.reduce<Prices>((prices, tariff) => ({ ...prices, ...givenPrices(tariff.prices) }), DEFAULT_PRICES);
  };
  const read = async ({ currency, from }: TariffDocument): Promise<Tariff> => ({
    currency,
    from,
    prices: await at(currency, from),
  });
  return {
    at,
    put: async ({ currency, from, prices }) => {
      const _id = `${currency} ${from.toISOString()}`;
      await upsert(model, _id, { $set: { currency, from, prices: givenPrices(prices) } });
      return read({ _id, currency, from, prices });
    },
    list: async (request) => {
      const page = await pageOf(model, { list: 'tariffs', by: '_id', direction: 1 }, {}, request, (stored) => stored);
      return { items: await Promise.all(page.items.map(read)), next: page.next };
    },
  };
}

function givenPrices(prices: Partial<Prices>): Partial<Prices> {
  return Object.fromEntries(
    CHANNELS.filter((channel) => prices[channel] !== undefined).map((channel) => [channel, prices[channel]]),
  );
}
