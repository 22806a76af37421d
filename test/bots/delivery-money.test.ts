import { describe, expect, it } from '@jest/globals';
import { at, cascade, deliveryBench, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const MINUTE = 60_000;

describe('Money', () => {
  it('that does not cover the price holds the message for ten minutes (noFunds)', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ price: 1001 });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noFunds', lookAt: at('09:10:00') });
    expect(bench.whatsapp.calls).toEqual([]);
    await bench.ledger.topUp('hill', 1, 'second', bench.clock.now());
    bench.clock.advance(10 * MINUTE);
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
  });

  it('that never came ends the message at its latest moment (noFunds)', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ price: 1001 });
    const { id } = await bench.plan({ lookAt: at('11:55:00') });
    bench.clock.set(at('11:55:00'));
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
    bench.clock.set(at('12:00:00'));
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'noFunds' });
  });

  it('is given back while a limit holds the message', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer({ kind: 'retry', afterMs: MINUTE, reason: 'rateLimited' });
    await bench.plan();
    await bench.process().work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is charged once and at the price of the channel that took it', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.charged()).toEqual(['telegram 1×0']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is charged later by whoever starts next when the ledger was away', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const { hold, release, refund } = bench.ledger;
    const charge = async (): Promise<void> => {
      throw new Error('no ledger');
    };
    await bench.process({ deps: { ledger: { hold, release, refund, charge } } }).work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: 'charge' });
    await bench.process({ owner: 'p2' }).recover();
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: null });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
  });
});
