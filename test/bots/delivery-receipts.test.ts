import { describe, expect, it } from '@jest/globals';
import { at, type Bench, cascade, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

/** A message that WhatsApp took, and its id there. */
async function accepted(bench: Bench): Promise<{ id: string; providerId: string }> {
  const { id } = await bench.plan();
  await bench.process().work.run(bench.clock.now());
  return { id, providerId: (await bench.row(id)).attempts[0]?.providerId ?? '' };
}

describe('A receipt', () => {
  it('with our attempt’s id ends the doubt about a send whose answer was lost, and charges it', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer('lost');
    const { id } = await bench.plan();
    const process = bench.process();
    await process.work.run(bench.clock.now());
    const attemptId = (await bench.row(id)).attempts[0]?.id ?? '';
    const found = { channel: 'whatsapp', providerId: 'wamid-1', attemptId, at: at('09:00:05') } as const;
    await process.receipts({ ...found, status: 'delivered' });
    expect(await bench.row(id)).toMatchObject({ state: 'delivered', unsettled: null, lookAt: null });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    await process.receipts({ ...found, status: 'sent' });
    expect((await bench.row(id)).state).toBe('delivered');
  });

  it('resolves a message that was left unknown long ago', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    const { id } = await bench.plan({ scenario: 'greeting' });
    const process = bench.process();
    await process.work.run(bench.clock.now());
    bench.clock.advance(30_000);
    await process.work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('unknown');
    const attemptId = (await bench.row(id)).attempts[0]?.id ?? '';
    await process.receipts({ channel: 'whatsapp', providerId: 'w1', attemptId, at: at('09:10:00'), status: 'read' });
    expect((await bench.row(id)).state).toBe('read');
    expect(bench.whatsapp.calls).toHaveLength(1);
  });

  it('of a later refusal gives the money back and lets the next channel try, once each', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { id, providerId } = await accepted(bench);
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    const process = bench.process();
    const failed = { channel: 'whatsapp', providerId, at: at('09:00:03'), status: 'failed', reason: '131026' } as const;
    await process.receipts({ ...failed, closes: true });
    await process.receipts({ ...failed, closes: true });
    expect(await bench.charged()).toEqual([]);
    expect(bench.told).toContain('closed whatsapp:+995555123456');
    await process.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    expect(bench.telegram.arrived).toHaveLength(1);
    expect(bench.whatsapp.calls).toHaveLength(1);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('of a refusal that comes before our own record leaves nothing charged', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer('lost');
    const { id } = await bench.plan();
    const process = bench.process();
    await process.work.run(bench.clock.now());
    const attemptId = (await bench.row(id)).attempts[0]?.id ?? '';
    const failed = { channel: 'whatsapp', providerId: 'w1', attemptId, at: at('09:00:03') } as const;
    await process.receipts({ ...failed, status: 'failed', reason: '131026' });
    expect(await bench.charged()).toEqual([]);
    await process.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    expect(await bench.charged()).toEqual(['telegram 1×0']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('of a refusal that another instance hears while the price is charged gives it back', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { id } = await bench.plan();
    const other = bench.process({ owner: 'p2' });
    const { hold, release, refund } = bench.ledger;
    const charge: typeof bench.ledger.charge = async (...args) => {
      const providerId = (await bench.row(id)).attempts[0]?.providerId ?? '';
      await other.receipts({ channel: 'whatsapp', providerId, at: at('09:00:03'), status: 'failed', reason: 'x' });
      await bench.ledger.charge(...args);
      bench.decide = () => ({ do: 'fail', tried: [] });
    };
    await bench.process({ deps: { ledger: { hold, release, refund, charge } } }).work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'failed', unsettled: null });
    expect(await bench.charged()).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('of a later refusal withdraws the question that nobody saw', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ opening: QUESTION });
    const { providerId } = await accepted(bench);
    const failed = { channel: 'whatsapp', providerId, at: at('09:00:03'), status: 'failed', reason: 'x' } as const;
    await bench.process().receipts(failed);
    expect(bench.told).toContain('withdraw c-1');
  });

  it('of a later refusal ends the message when its time is over', async () => {
    const bench = await deliveryBench(stores);
    const { id, providerId } = await accepted(bench);
    bench.clock.set('2026-03-02T12:00:00Z');
    const failed = { channel: 'whatsapp', providerId, at: at('12:00:00'), status: 'failed', reason: 'x' } as const;
    await bench.process().receipts(failed);
    expect(await bench.row(id)).toMatchObject({ state: 'failed', lookAt: null, unsettled: null });
    expect(await bench.charged()).toEqual([]);
  });

  it('of a refusal after the delivery changes nothing', async () => {
    const bench = await deliveryBench(stores);
    const { id, providerId } = await accepted(bench);
    const process = bench.process();
    const receipt = { channel: 'whatsapp', providerId, at: at('09:00:03') } as const;
    await process.receipts({ ...receipt, status: 'delivered' });
    await process.receipts({ ...receipt, status: 'failed', reason: 'x' });
    expect((await bench.row(id)).state).toBe('delivered');
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
  });

  it('of a message that nobody sent is kept aside and changes nothing', async () => {
    const bench = await deliveryBench(stores);
    await bench.process().receipts({
      channel: 'whatsapp',
      providerId: 'nobody',
      attemptId: 'nobody',
      at: at('09:00:00'),
      status: 'read',
    });
    expect((await stores.outbox.list({}, { limit: 10 })).items).toEqual([]);
  });

  it('closes a chat for good when the platform says at once that it takes nothing more', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked', closes: true });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(bench.told).toContain('closed whatsapp:+995555123456');
    expect((await bench.row(id)).channel).toBe('telegram');
  });

  it('pauses this message alone when the platform limits a pair of numbers', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer({ kind: 'retry', afterMs: 6_000, reason: 'pairLimit', only: 'message' });
    const first = await bench.plan();
    const second = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(first.id)).lookAt).toEqual(at('09:00:06'));
    expect((await bench.row(second.id)).state).toBe('sent');
  });
});
