import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../src/core/message.ts';
import { at, type Bench, cascade, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

/** Sends into silence and moves on to the moment at which the platform is asked. */
async function unanswered(bench: Bench, row: Partial<Parameters<Bench['plan']>[0]> = {}): Promise<Message> {
  bench.whatsapp.answer('lost');
  const { id } = await bench.plan(row);
  await bench.process().work.run(bench.clock.now());
  bench.clock.advance(30_000);
  return bench.row(id);
}

describe('A send without an answer', () => {
  it('stays sending, its price reserved, until the platform is asked', async () => {
    const bench = await deliveryBench(stores);
    const row = await unanswered(bench);
    expect(row).toMatchObject({ state: 'sending', lookAt: at('09:00:30'), leaseOwner: null });
    expect(row.attempts.map(({ result }) => result)).toEqual(['unknown']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });

  it('is sent when the platform knows it', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await unanswered(bench);
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
    expect(await bench.row(id)).toMatchObject({ state: 'sent', sentAt: at('09:00:30'), unsettled: null });
    expect(bench.whatsapp.calls).toHaveLength(1);
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
  });

  it('is decided anew and sent when the platform never had it, whatever the scenario promises', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer({ kind: 'unknown', askAfterMs: 30_000 });
    const { id } = await bench.plan({ scenario: 'greeting' });
    await bench.process().work.run(bench.clock.now());
    bench.clock.advance(30_000);
    await bench.process().work.run(bench.clock.now());
    const row = await bench.row(id);
    expect(row.state).toBe('sent');
    expect(row.attempts.map(({ result }) => result)).toEqual(['retry', 'sent']);
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });

  it('that never left is skipped when the facts have changed meanwhile, and its money given back', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer({ kind: 'unknown', askAfterMs: 30_000 });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    bench.decide = () => ({ do: 'skip', reason: 'status', tried: [] });
    bench.clock.advance(30_000);
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 1 });
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'status' });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('becomes unknown when the platform is silent too: seen, counted, its price kept reserved', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await unanswered(bench);
    bench.whatsapp.asked({ kind: 'silent' });
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 0 });
    const row = await bench.row(id);
    expect(row.state).toBe('unknown');
    expect(row.timeline.at(-1)).toEqual({ status: 'unknown', at: at('09:00:30'), channel: 'whatsapp' });
    expect(bench.metrics.counted).toEqual(['unknown whatsapp']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });
});

describe('An unknown message', () => {
  const silent = async (bench: Bench, row: Partial<Parameters<Bench['plan']>[0]> = {}): Promise<string> => {
    const { id } = await unanswered(bench, row);
    bench.whatsapp.asked({ kind: 'silent' });
    await bench.process().work.run(bench.clock.now());
    return id;
  };

  it('is never sent again where the scenario promises at most once', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench, { scenario: 'greeting' });
    expect((await bench.row(id)).lookAt).toBeNull();
    bench.clock.advance(7_200_000);
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toHaveLength(1);
  });

  it('is sent once more after ten minutes where the scenario promises at least once', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench);
    expect((await bench.row(id)).lookAt).toEqual(at('09:10:30'));
    bench.clock.set(at('09:10:30'));
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'sent', unknownRetries: 1 });
    expect(row.attempts.map(({ result }) => result)).toEqual(['unknown', 'sent']);
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
  });

  it('is asked for once more before that, and not sent again when the platform has it', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench);
    bench.whatsapp.asked(null);
    bench.clock.set(at('09:10:30'));
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
    expect(bench.whatsapp.calls).toHaveLength(1);
  });

  it('gets one retry and no more', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench);
    bench.whatsapp.answer('lost');
    for (const time of ['09:10:30', '09:11:00', '09:21:00', '09:31:00']) {
      bench.clock.set(at(time));
      await bench.process().work.run(bench.clock.now());
    }
    expect(bench.whatsapp.calls).toHaveLength(2);
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', unknownRetries: 1, lookAt: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });

  it('is not sent again when ten minutes later is at its latest moment or behind it', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ latestAt: at('09:10:30') });
    const id = await silent(bench);
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', lookAt: null });
  });

  it('stays unknown when the decision to send it again is a skip: nobody knows that it was not read', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench);
    bench.decide = () => ({ do: 'skip', reason: 'status', tried: [] });
    bench.clock.set(at('09:10:30'));
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 0 });
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', lookAt: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });

  it('stays unknown when every channel refuses the second try, and its question stays open', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = (message, now) => {
      const verdict = cascade(message, now);
      return 'opening' in verdict ? { ...verdict, opening: QUESTION } : verdict;
    };
    const id = await silent(bench);
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    bench.telegram.answer({ kind: 'refused', reason: 'blocked' });
    bench.clock.set(at('09:10:30'));
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', lookAt: null });
    expect(bench.told.filter((line) => line.startsWith('withdraw'))).toEqual([]);
  });

  it('waits for its second try with the kill switch, unknown as it is', async () => {
    const bench = await deliveryBench(stores);
    const id = await silent(bench);
    bench.decide = () => ({ do: 'wait', until: at('09:20:00'), reason: 'killSwitch', tried: [] });
    bench.clock.set(at('09:10:30'));
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', lookAt: at('09:20:00') });
    bench.decide = () => toSend();
    bench.clock.set(at('09:20:00'));
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unknownRetries: 1 });
  });
});

describe('What staff do with a message that went wrong', () => {
  const unknown = async (): Promise<{ bench: Bench; id: string }> => {
    const bench = await deliveryBench(stores);
    const { id } = await unanswered(bench, { scenario: 'greeting' });
    bench.whatsapp.asked({ kind: 'silent' });
    await bench.process().work.run(bench.clock.now());
    bench.whatsapp.asked(null);
    return { bench, id };
  };

  it('resolve as sent charges it, and what follows from it follows', async () => {
    const { bench, id } = await unknown();
    const row = await bench.process().resolve(id, 'sent', bench.clock.now());
    expect(row).toMatchObject({ id, state: 'sent', unsettled: null });
    expect(row?.timeline.at(-1)).toEqual({
      status: 'sent',
      at: at('09:00:30'),
      channel: 'whatsapp',
      detail: 'resolved',
    });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    expect(bench.told).toContain(`sent ${id}`);
  });

  it('resolve as failed gives the money back, for good', async () => {
    const { bench, id } = await unknown();
    await bench.process().resolve(id, 'failed', bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'failed', unsettled: null, lookAt: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    await expect(bench.process().resolve(id, 'sent', bench.clock.now())).rejects.toMatchObject({ code: 'conflict' });
  });

  it('resend plans a new message that is decided anew, and marks the old one', async () => {
    const { bench, id } = await unknown();
    const fresh = await bench.process().resend(id, bench.clock.now());
    expect(fresh).toMatchObject({ key: 'confirmation|a:v1|0|0|resend|1', state: 'planned', scenario: 'greeting' });
    expect(fresh?.latestAt).toEqual(at('12:00:00'));
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', resentAs: fresh?.id, lookAt: null });
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(fresh?.id ?? '')).state).toBe('sent');
  });

  it('resend of a resent one counts on', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const delivery = bench.process();
    let { id } = await bench.plan();
    for (const key of ['confirmation|a:v1|0|0|resend|1', 'confirmation|a:v1|0|0|resend|2']) {
      bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
      bench.telegram.answer({ kind: 'refused', reason: 'blocked' });
      await delivery.work.run(bench.clock.now());
      const fresh = await delivery.resend(id, bench.clock.now());
      expect(fresh?.key).toBe(key);
      id = fresh?.id ?? '';
    }
  });

  it('resend and resolve know nothing of a message that is not there, and refuse one in another state', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    const { id } = await bench.plan();
    await expect(delivery.resend('nobody', bench.clock.now())).resolves.toBeNull();
    await expect(delivery.resolve('nobody', 'sent', bench.clock.now())).resolves.toBeNull();
    await expect(delivery.resend(id, bench.clock.now())).rejects.toMatchObject({ code: 'conflict' });
    await delivery.work.run(bench.clock.now());
    await expect(delivery.resend(id, bench.clock.now())).rejects.toMatchObject({ code: 'conflict' });
    await expect(delivery.resolve(id, 'failed', bench.clock.now())).rejects.toMatchObject({ code: 'conflict' });
  });

  it('resend twice is refused', async () => {
    const { bench, id } = await unknown();
    await bench.process().resend(id, bench.clock.now());
    await expect(bench.process().resend(id, bench.clock.now())).rejects.toMatchObject({ code: 'conflict' });
  });
});
