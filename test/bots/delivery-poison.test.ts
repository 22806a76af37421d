import { describe, expect, it } from '@jest/globals';
import { at, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

describe('A row that always throws', () => {
  it('harms nobody else, is tried five times ever later, and fails', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    const bad = await bench.plan();
    const good = await bench.plan();
    bench.decide = ({ id }) => {
      if (id === bad.id) throw new Error('a template that cannot be');
      return toSend();
    };
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(good.id)).state).toBe('sent');
    const looks: (Date | null)[] = [];
    for (let tried = 1; tried < 5; tried += 1) {
      const { lookAt } = await bench.row(bad.id);
      looks.push(lookAt);
      bench.clock.set(lookAt ?? '');
      await delivery.work.run(bench.clock.now());
    }
    expect(looks).toEqual([at('09:00:10'), at('09:00:50'), at('09:03:30'), at('09:14:10')]);
    expect(await bench.row(bad.id)).toMatchObject({ state: 'failed', lookAt: null });
    expect(bench.log.lines.map(({ level, event }) => `${level} ${event}`)).toEqual([
      'warn message.threw',
      'warn message.threw',
      'warn message.threw',
      'warn message.threw',
      'error message.givenUp',
    ]);
  });

  it('is logged by its id, without words', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    bench.decide = () => {
      throw new Error('bad');
    };
    await bench.process().work.run(bench.clock.now());
    expect(bench.log.lines[0]?.fields).toMatchObject({ message: id, tried: 1 });
  });

  it('gives back what it had reserved', async () => {
    const bench = await deliveryBench(stores);
    await bench.plan();
    const conversations = {
      open: async () => {
        throw new Error('no conversations');
      },
      withdraw: async () => undefined,
    };
    bench.decide = () => toSend({ opening: QUESTION });
    await bench.process({ deps: { conversations } }).work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });
});
