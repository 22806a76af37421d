import { describe, expect, it } from '@jest/globals';
import { at, deliveryBench, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

describe('A purge of a channel’s queue', () => {
  it('cancels what is due and waits for it, gives the money back, and leaves alerts and what is not due', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => waits;
    const due = await bench.plan();
    const later = await bench.plan({ dueAt: at('11:00:00') });
    bench.whatsapp.state = 'down';
    const process = bench.process();
    await process.sender.enqueue([
      { ...chat('reply'), key: 'r1', kind: 'reply' },
      { ...chat('alert'), key: 'a1', kind: 'alert' },
    ]);
    await process.work.run(bench.clock.now());
    await process.sender.flush();
    expect(await process.purgeQueue('whatsapp')).toBe(2);
    expect(await bench.row(due.id)).toMatchObject({ state: 'cancelled', lookAt: null });
    expect((await bench.row(due.id)).timeline.at(-1)).toEqual({
      status: 'cancelled',
      at: at('09:00:00'),
      detail: 'purged',
    });
    expect((await bench.row(later.id)).state).toBe('planned');
    const states = (await stores.outbox.byKeys(['r1', 'a1'])).map(({ key, state }) => `${key} ${state}`);
    expect(states.sort()).toEqual(['a1 planned', 'r1 cancelled']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('leaves what waits for another channel, and what may have left', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    const { id } = await bench.plan();
    const process = bench.process();
    await process.work.run(bench.clock.now());
    bench.clock.advance(30_000);
    await process.work.run(bench.clock.now());
    expect(await process.purgeQueue('whatsapp')).toBe(0);
    expect((await bench.row(id)).state).toBe('unknown');
  });

  it('leaves a message alone that another instance has just taken up, and the price that it holds', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => waits;
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    const sender = bench.process({ owner: 'p2' });
    const list: typeof bench.outbox.list = async (...args) => {
      const page = await bench.outbox.list(...args);
      bench.decide = () => toSend();
      bench.whatsapp.answer('lost');
      bench.clock.set(at('10:00:00'));
      await sender.work.run(bench.clock.now());
      return page;
    };
    expect(await bench.process({ deps: { outbox: { ...bench.outbox, list } } }).purgeQueue('whatsapp')).toBe(0);
    expect((await bench.row(id)).state).toBe('sending');
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });

  it('gives the money back at the next start where the ledger was away', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => waits;
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    await bench.ledger.hold({ message: id, branch: 'hill' }, 100);
    const { hold, charge, refund } = bench.ledger;
    const release = async (): Promise<void> => {
      throw new Error('no ledger');
    };
    const poor = bench.process({ deps: { ledger: { hold, charge, refund, release } } });
    expect(await poor.purgeQueue('whatsapp')).toBe(1);
    expect(await bench.row(id)).toMatchObject({ state: 'cancelled', unsettled: 'release' });
    await bench.process({ owner: 'p2' }).recover();
    expect(await bench.row(id)).toMatchObject({ state: 'cancelled', unsettled: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  const waits = {
    do: 'wait',
    until: at('10:00:00'),
    reason: 'noChannel',
    tried: [{ channel: 'whatsapp', used: false, reason: 'notConnected' }],
  } as const;

  const chat = (words: string) =>
    ({
      patient: 'jane',
      branch: 'hill',
      dueAt: at('09:00:00'),
      channel: 'whatsapp',
      to: '+995555123456',
      locale: 'en',
      content: { key: words, values: {} },
    }) as const;
});
