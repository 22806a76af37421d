import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '../../src/core/channel.ts';
import type { Message } from '../../src/core/message.ts';
import { at, type Bench, cascade, deliveryBench } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, jobsDb } = await openTestStores();

type Told = Pick<Receipt, 'status'> & { readonly reason?: string };

/** A process whose record of a send waits until another one has heard this of it, by the platform's id alone. */
function overtaken(bench: Bench, told: readonly Told[], dies?: 'record:after') {
  const other = bench.process({ owner: 'p2' });
  let heard = false;
  const save = async (seen: Message, next: Message): Promise<Message | null> => {
    if (next.state === 'sent' && !heard) {
      heard = true;
      const providerId = next.attempts.at(-1)?.providerId ?? '';
      for (const one of told)
        await other.receipts({ channel: 'whatsapp', providerId, at: at('09:00:01'), ...one } as Receipt);
    }
    return bench.outbox.save(seen, next);
  };
  return bench.process({ deps: { outbox: { ...bench.outbox, save } }, ...(dies && { dies }) });
}

const parked = () => jobsDb().collection('parkedReceipts').find().toArray();

describe('A receipt that another instance hears before our record of the send', () => {
  it('raises the message once it is recorded, and is kept no longer', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    await overtaken(bench, [{ status: 'read' }, { status: 'delivered' }]).work.run(bench.clock.now());
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'read', unsettled: null });
    expect(row.timeline.map(({ status }) => status)).toEqual(['planned', 'sending', 'sent', 'read']);
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    expect(await parked()).toEqual([]);
  });

  it('of a refusal gives the money back, and the next channel tries', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { id } = await bench.plan();
    const refused = { status: 'failed', reason: '131026' } as const;
    const process = overtaken(bench, [refused, { status: 'sent' }, refused]);
    await process.work.run(bench.clock.now());
    await process.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    expect(await parked()).toEqual([]);
  });

  it('is joined by whoever starts next where the sender died right after its record', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { id } = await bench.plan();
    const mortal = overtaken(bench, [{ status: 'failed', reason: 'x' }], 'record:after');
    mortal.work.run(bench.clock.now()).catch(() => undefined);
    await mortal.died;
    const next = bench.process({ owner: 'p3' });
    await next.recover();
    await next.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is applied at once where the record was written while it was looked for', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const sender = bench.process();
    let looks = 0;
    const byProviderId: typeof bench.outbox.byProviderId = async (...args) => {
      looks += 1;
      const row = await bench.outbox.byProviderId(...args);
      if (looks === 1) await sender.work.run(bench.clock.now());
      return row;
    };
    const other = bench.process({ owner: 'p2', deps: { outbox: { ...bench.outbox, byProviderId } } });
    const providerId = 'wamid-attempt-0001';
    await other.receipts({ channel: 'whatsapp', providerId, at: at('09:00:01'), status: 'delivered' });
    expect(await bench.row(id)).toMatchObject({ state: 'delivered' });
    expect(await parked()).toEqual([]);
  });

  it('is applied whole where it names our attempt, and nothing is kept aside for it', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    bench.whatsapp.answer('lost');
    const process = bench.process();
    await process.work.run(bench.clock.now());
    const [attempt] = (await bench.row(id)).attempts;
    const of = { channel: 'whatsapp', providerId: 'w1', attemptId: attempt?.id ?? '', at: at('09:00:01') } as const;
    await process.receipts({ ...of, status: 'read' });
    expect(await bench.row(id)).toMatchObject({ state: 'read', unsettled: null });
    expect(await parked()).toEqual([]);
  });

  it('is kept for a day under a hash, for the ids of platforms carry numbers', async () => {
    const bench = await deliveryBench(stores);
    const of = { channel: 'whatsapp', providerId: 'true_995555123456@c.us_3EB0', at: at('09:00:01') } as const;
    await bench.process().receipts({ ...of, status: 'delivered' });
    await bench.process().receipts({ ...of, status: 'delivered' });
    const kept = await parked();
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('995555123456');
    const indexes = await jobsDb().collection('parkedReceipts').indexes();
    expect(indexes.map(({ key, expireAfterSeconds }) => [key, expireAfterSeconds])).toContainEqual([
      { parkedAt: 1 },
      86_400,
    ]);
  });
});
