import { describe, expect, it } from '@jest/globals';
import { at, type Bench, type Decide, deliveryBench, toSend } from '../support/delivery-bench.ts';
import { gate } from '../support/gate.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

/** WhatsApp for 100, then Telegram for 40, then none. */
const paidCascade: Decide = ({ refusedOn }) => {
  if (!refusedOn.includes('whatsapp')) return toSend();
  if (!refusedOn.includes('telegram')) return toSend({ channel: 'telegram', to: '700', price: 40 });
  return { do: 'fail', tried: [] };
};

const failedFor = (bench: Bench) => async (id: string) => {
  const providerId = (await bench.row(id)).attempts.at(-1)?.providerId ?? '';
  const { channel } = await bench.row(id);
  if (channel === null) throw new Error('It was sent.');
  return { channel, providerId, at: at('09:00:03'), status: 'failed', reason: 'x' } as const;
};

/** A message that this process sent by WhatsApp, and the refusal that is about to be told. */
async function sentBy(owner: string) {
  const bench = await deliveryBench(stores);
  bench.decide = paidCascade;
  const { id } = await bench.plan();
  const sender = bench.process({ owner });
  await sender.work.run(bench.clock.now());
  return { bench, id, sender, first: await failedFor(bench)(id) };
}

/** The parts of an instance whose refunds go another way. */
function refundingBy(bench: Bench, refund: Bench['ledger']['refund']) {
  const { hold, release, charge } = bench.ledger;
  return { ledger: { hold, release, charge, refund } };
}

describe('The money of a message that is refused after it was taken', () => {
  it('is given back for each attempt, and for each once, however often it is told', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = paidCascade;
    const failed = failedFor(bench);
    const [one, two] = [bench.process({ owner: 'p1' }), bench.process({ owner: 'p2' })];
    const { id } = await bench.plan();
    await one.work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
    const first = await failed(id);
    await Promise.all([one.receipts(first), two.receipts(first), one.receipts(first), two.receipts(first)]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    await two.work.run(bench.clock.now());
    expect(await bench.charged()).toEqual(['telegram 1×40']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 960, reserved: 0 });
    const second = await failed(id);
    await Promise.all([one.receipts(second), two.receipts(first), two.receipts(second), one.receipts(first)]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    await one.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'failed', unsettled: null });
    expect(await bench.charged()).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('stays charged for the next attempt, though an instance hears late of the refusal of the first', async () => {
    const { bench, id, sender: two, first } = await sentBy('p2');
    const [seen, goOn] = [gate(), gate()];
    const slow = {
      ...bench.outbox,
      byProviderId: async (...args: Parameters<typeof bench.outbox.byProviderId>) => {
        const row = await bench.outbox.byProviderId(...args);
        seen.open();
        await goOn.opened;
        return row;
      },
    };
    const late = bench.process({ owner: 'p1', deps: { outbox: slow } }).receipts(first);
    await seen.opened;
    await two.receipts(first);
    await two.work.run(bench.clock.now());
    goOn.open();
    await late;
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    expect(await bench.charged()).toEqual(['telegram 1×40']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 960, reserved: 0 });
  });

  it('stays charged for the next attempt, though an instance is late to give back the first', async () => {
    const { bench, id, sender: two, first } = await sentBy('p2');
    const [asked, goOn] = [gate(), gate()];
    const refund: typeof bench.ledger.refund = async (...args) => {
      asked.open();
      await goOn.opened;
      await bench.ledger.refund(...args);
    };
    const slow = bench.process({ owner: 'p1', deps: refundingBy(bench, refund) });
    const late = slow.receipts(first);
    await asked.opened;
    await two.work.run(bench.clock.now());
    goOn.open();
    await late;
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: null });
    expect(await bench.charged()).toEqual(['telegram 1×40']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 960, reserved: 0 });
  });

  it('is still charged for the next attempt when its sender dies while another gives back the first', async () => {
    const { bench, id, first } = await sentBy('p1');
    const [done, goOn] = [gate(), gate()];
    const refund: typeof bench.ledger.refund = async (...args) => {
      await bench.ledger.refund(...args);
      done.open();
      await goOn.opened;
    };
    const late = bench.process({ owner: 'p1', deps: refundingBy(bench, refund) }).receipts(first);
    await done.opened;
    const mortal = bench.process({ owner: 'p2', dies: 'record:after' });
    mortal.work.run(bench.clock.now()).catch(() => undefined);
    await mortal.died;
    goOn.open();
    await late;
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', unsettled: 'charge' });
    await bench.process({ owner: 'p3' }).recover();
    expect(await bench.row(id)).toMatchObject({ unsettled: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 960, reserved: 0 });
  });

  it('is given back before the next channel is asked, or that one waits', async () => {
    const { bench, id, first } = await sentBy('p1');
    const refund = async (): Promise<void> => {
      throw new Error('no ledger');
    };
    const poor = bench.process({ owner: 'p1', deps: refundingBy(bench, refund) });
    await poor.receipts(first);
    await poor.work.run(bench.clock.now());
    expect(bench.telegram.calls).toEqual([]);
    expect(await bench.row(id)).toMatchObject({ state: 'planned', unsettled: 'refund' });
    bench.clock.advance(10_000);
    await bench.process({ owner: 'p2' }).work.run(bench.clock.now());
    expect(await bench.charged()).toEqual(['telegram 1×40']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 960, reserved: 0 });
  });

  it('is given back where the refusals come before our records, twice and out of order', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = paidCascade;
    bench.whatsapp.answer('lost');
    bench.telegram.answer('lost');
    const [one, two] = [bench.process({ owner: 'p1' }), bench.process({ owner: 'p2' })];
    const { id } = await bench.plan();
    await one.work.run(bench.clock.now());
    const told = async (channel: 'whatsapp' | 'telegram') => {
      const attemptId = (await bench.row(id)).attempts.at(-1)?.id ?? '';
      const of = { channel, providerId: `wamid-${attemptId}`, attemptId, at: at('09:00:03') } as const;
      return [{ ...of, status: 'failed', reason: 'x' } as const, { ...of, status: 'sent' } as const];
    };
    const first = await told('whatsapp');
    await Promise.all([...first, ...first].map((receipt, place) => (place % 2 === 0 ? two : one).receipts(receipt)));
    await one.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sending', channel: 'telegram' });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 40 });
    const second = await told('telegram');
    for (const receipt of [...second, ...first, ...second]) await two.receipts(receipt);
    await one.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'failed', unsettled: null });
    expect(await bench.charged()).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is given back for an attempt that was thought lost, though a later one stands behind it', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = paidCascade;
    bench.whatsapp.answer('lost', { kind: 'refused', reason: 'y' });
    bench.whatsapp.asked({ kind: 'silent' });
    bench.telegram.answer('lost');
    const process = bench.process();
    const { id } = await bench.plan();
    await process.work.run(bench.clock.now());
    for (const seconds of [30, 600, 0]) {
      bench.clock.advance(seconds * 1000);
      await process.work.run(bench.clock.now());
    }
    const { attempts } = await bench.row(id);
    expect(attempts.map(({ channel, result }) => `${channel} ${result}`)).toEqual([
      'whatsapp unknown',
      'whatsapp refused',
      'telegram unknown',
    ]);
    const of = {
      channel: 'whatsapp',
      providerId: 'late',
      attemptId: attempts[0]?.id ?? '',
      at: at('09:11:00'),
    } as const;
    await process.receipts({ ...of, status: 'sent' });
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'whatsapp' });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    await process.receipts({ ...of, status: 'failed', reason: 'x' });
    expect(await bench.charged()).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });
});
