import { describe, expect, it } from '@jest/globals';
import { at, cascade, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const MINUTE = 60_000;

describe('A channel that answers', () => {
  it('retry is left alone until then, and the attempt takes no second place', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer({ kind: 'retry', afterMs: MINUTE, reason: 'rateLimited' });
    bench.whatsapp.answer({ kind: 'retry', afterMs: MINUTE, reason: 'rateLimited' });
    const { id } = await bench.plan();
    const other = await bench.plan();
    await delivery.work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toHaveLength(1);
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('09:01:00') });
    expect(await bench.row(other.id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('09:01:00') });
    bench.clock.advance(MINUTE);
    await delivery.work.run(bench.clock.now());
    bench.clock.advance(MINUTE);
    await delivery.work.run(bench.clock.now());
    const row = await bench.row(id);
    expect(row.attempts.map(({ result }) => result)).toEqual(['retry', 'sent']);
    expect(row.timeline.map(({ status }) => status)).toEqual(['planned', 'planned', 'sending', 'sent']);
    expect((await bench.row(other.id)).state).toBe('sent');
  });

  it('retry beyond the latest moment ends the message there (noChannel)', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.decide = ({ refusedOn }) => (refusedOn.length === 0 ? toSend() : { do: 'fail', tried: [] });
    bench.whatsapp.answer({ kind: 'retry', afterMs: 300 * MINUTE, reason: 'rateLimited' });
    const { id } = await bench.plan();
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
    bench.clock.set(at('12:00:00'));
    await delivery.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'noChannel' });
  });

  it.each([
    ['the channel', {}],
    ['this chat', { only: 'message' }],
  ] as const)(
    'retry beyond the latest moment for %s lets the next channel take the message at once',
    async (_, only) => {
      const bench = await deliveryBench(stores);
      bench.decide = cascade;
      bench.whatsapp.answer({ kind: 'retry', afterMs: 180 * MINUTE, reason: 'rateLimited', ...only });
      const { id } = await bench.plan();
      await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
      const row = await bench.row(id);
      expect(row).toMatchObject({ state: 'sent', channel: 'telegram', refusedOn: ['whatsapp'] });
      expect(row.attempts.map(({ channel, result }) => `${channel} ${result}`)).toEqual([
        'whatsapp retry',
        'telegram sent',
      ]);
      expect(row.timeline.map(({ status, channel, detail }) => [status, channel, detail].join(' ').trim())).toEqual([
        'planned',
        'sending whatsapp',
        'planned whatsapp rateLimited',
        'sending telegram',
        'sent telegram',
      ]);
      await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    },
  );

  it('retry that ends a second before the latest moment is waited for, though another channel is up', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'retry', afterMs: 180 * MINUTE - 1_000, reason: 'rateLimited' });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('11:59:59') });
    expect(bench.telegram.calls).toEqual([]);
  });

  it('retry lets what comes later, and has less time, go by the next channel without asking again', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'retry', afterMs: 60 * MINUTE, reason: 'rateLimited' });
    const first = await bench.plan();
    const process = bench.process();
    await process.work.run(bench.clock.now());
    bench.decide = ({ refusedOn }) =>
      toSend({ latestAt: at('09:30:00'), ...(refusedOn.length > 0 && { channel: 'telegram', to: '700', price: 0 }) });
    const second = await bench.plan({ latestAt: at('09:30:00') });
    await process.work.run(bench.clock.now());
    expect(await bench.row(first.id)).toMatchObject({ state: 'planned', lookAt: at('10:00:00') });
    expect(await bench.row(second.id)).toMatchObject({ state: 'sent', channel: 'telegram' });
    expect(bench.whatsapp.calls).toHaveLength(1);
  });

  it('retry beyond the latest moment leaves the message to a next channel that is free again in time', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = (message, now) =>
      now < at('09:05:00') && message.refusedOn.length > 0
        ? { do: 'wait', until: at('09:05:00'), reason: 'noChannel', tried: [] }
        : cascade(message, now);
    bench.whatsapp.answer({ kind: 'retry', afterMs: 300 * MINUTE, reason: 'rateLimited' });
    const { id } = await bench.plan();
    const process = bench.process();
    await process.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('09:05:00') });
    bench.clock.set(at('09:05:00'));
    await process.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram' });
  });

  it('refused is followed by the next one at once: one message, all attempts kept', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = (message, now) => {
      const verdict = cascade(message, now);
      return 'opening' in verdict ? { ...verdict, opening: QUESTION } : verdict;
    };
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    const { id } = await bench.plan();
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'sent', channel: 'telegram', to: '700', price: 0, refusedOn: ['whatsapp'] });
    expect(row.attempts.map(({ channel, result }) => `${channel} ${result}`)).toEqual([
      'whatsapp refused',
      'telegram sent',
    ]);
    expect(row.timeline.map(({ status, channel }) => `${status} ${channel}`)).toEqual([
      'planned undefined',
      'sending whatsapp',
      'failed whatsapp',
      'sending telegram',
      'sent telegram',
    ]);
    expect(bench.told.slice(0, 3)).toEqual([
      'open c-1 whatsapp:+995555123456',
      'withdraw c-1',
      'open c-1 telegram:700',
    ]);
    expect(bench.metrics.counted).toEqual(['refused whatsapp blocked', 'sent confirmation telegram']);
  });

  it('refused as the last one makes it failed, not noChannel, and gives the money back', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    bench.telegram.answer({ kind: 'refused', reason: 'chatNotFound' });
    const { id } = await bench.plan();
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 0 });
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'failed', channel: 'telegram', to: '700', price: 0, lookAt: null });
    expect(row.timeline.at(-1)).toEqual({
      status: 'failed',
      at: at('09:00:00'),
      channel: 'telegram',
      detail: 'chatNotFound',
    });
    expect(await bench.charged()).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('refused keeps a question that an earlier message asked', async () => {
    const bench = await deliveryBench(stores);
    const first = await bench.plan();
    bench.decide = ({ id, refusedOn }) =>
      refusedOn.length > 0 && id !== first.id ? { do: 'fail', tried: [] } : toSend({ opening: QUESTION });
    await bench.process().work.run(bench.clock.now());
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    await bench.plan({ step: 1 });
    await bench.process().work.run(bench.clock.now());
    expect(bench.told.filter((line) => line.startsWith('withdraw'))).toEqual([]);
  });

  it('nothing, by throwing, counts as one whose outcome is unknown', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer(new Error('socket hang up'));
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sending', lookAt: at('09:00:30') });
  });
});
