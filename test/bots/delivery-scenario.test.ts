import { describe, expect, it } from '@jest/globals';
import type { DeliveryDeps } from '../../src/bots/delivery/deps.ts';
import { at, cascade, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

describe('A due scenario message', () => {
  it('is decided, held, asked, attempted, sent and charged, in this order', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ opening: QUESTION });
    const { id } = await bench.plan();
    const done = await bench.process().work.run(bench.clock.now());
    expect(done).toEqual({ sent: 1, skipped: 0 });
    const row = await bench.row(id);
    expect(row).toMatchObject({
      state: 'sent',
      channel: 'whatsapp',
      to: '+995555123456',
      price: 100,
      currency: 'GEL',
      text: 'scenarios.confirmation',
      choices: [{ id: 'confirm', title: 'Yes' }],
      conversation: 'c-1',
      lookAt: null,
      unsettled: null,
      leaseOwner: null,
      sentAt: at('09:00:00'),
    });
    expect(row.timeline).toEqual([
      { status: 'planned', at: at('09:00:00') },
      { status: 'sending', at: at('09:00:00'), channel: 'whatsapp' },
      { status: 'sent', at: at('09:00:00'), channel: 'whatsapp' },
    ]);
    expect(row.attempts).toEqual([
      {
        id: 'attempt-0001',
        channel: 'whatsapp',
        to: '+995555123456',
        price: 100,
        at: at('09:00:00'),
        result: 'sent',
        providerId: 'wamid-attempt-0001',
      },
    ]);
    expect(bench.told).toEqual(['open c-1 whatsapp:+995555123456', `sent ${id}`, 'saw whatsapp:+995555123456 jane']);
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
  });

  it('is charged on the local day of its branch', async () => {
    const bench = await deliveryBench(stores);
    bench.clock.set('2026-03-02T21:30:00Z');
    bench.decide = () => toSend({ latestAt: new Date('2026-03-02T23:00:00Z') });
    await bench.plan();
    await bench.process().work.run(bench.clock.now());
    const { groups } = await bench.ledger.spend({ branches: ['hill'] }, 'day');
    expect(groups).toEqual([{ key: '2026-03-03', messages: 1, amount: 100 }]);
  });

  it('goes out one after another by its moment, then by its id', async () => {
    const bench = await deliveryBench(stores);
    const later = await bench.plan({ lookAt: at('08:50:00') });
    const first = await bench.plan({ lookAt: at('08:40:00') });
    const second = await bench.plan({ lookAt: at('08:40:00') });
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.arrived.map(({ messageId }) => messageId)).toEqual([first.id, second.id, later.id]);
  });

  it('waits where the decision says so, and says for what', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => ({ do: 'wait', until: at('09:10:00'), reason: 'killSwitch', tried: [] });
    const { id } = await bench.plan();
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 0 });
    expect(await bench.row(id)).toMatchObject({
      state: 'planned',
      waiting: 'killSwitch',
      lookAt: at('09:10:00'),
      leaseOwner: null,
    });
  });

  it('is looked at again at its latest moment at the latest', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => ({ do: 'wait', until: at('12:30:00'), reason: 'killSwitch', tried: [] });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
  });

  it('ends in a skip with its reason, which is counted', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => ({ do: 'skip', reason: 'grouped', groupedIn: 'other', tried: [] });
    const { id } = await bench.plan();
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 1 });
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'skipped', reason: 'grouped', groupedIn: 'other', lookAt: null });
    expect(row.timeline.at(-1)).toEqual({ status: 'skipped', at: at('09:00:00'), detail: 'grouped' });
    expect(bench.metrics.counted).toEqual(['skipped confirmation grouped']);
  });

  it('never leaves at its latest moment or later', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ latestAt: at('09:00:00') });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toEqual([]);
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'tooLate' });
  });

  describe('that gets no place on its channel in its time', () => {
    const full: DeliveryDeps['pacing'] = {
      limit: () => undefined,
      limitedUntil: () => null,
      turn: async ({ channel }) => (channel === 'whatsapp' ? { notBefore: at('12:00:00') } : { atMs: 0 }),
      leaving: async () => ({ arrived: () => undefined, unused: () => undefined }),
      over: (_channel, health) => health,
      load: async () => undefined,
    };

    it('goes by the next channel', async () => {
      const bench = await deliveryBench(stores);
      bench.decide = cascade;
      const { id } = await bench.plan();
      await bench.process({ deps: { pacing: full } }).work.run(bench.clock.now());
      expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', refusedOn: ['whatsapp'] });
    });

    it('waits without an attempt, a reserve or a question where a silence begins while it waits for its place', async () => {
      const bench = await deliveryBench(stores);
      bench.decide = ({ refusedOn }) =>
        refusedOn.length === 0 ? toSend({ opening: QUESTION }) : { do: 'fail', tried: [] };
      const { id } = await bench.plan();
      const silent = { ...full, turn: async () => ({ atMs: 0 }), leaving: async () => ({ notBefore: at('12:00:00') }) };
      await bench.process({ deps: { pacing: silent } }).work.run(bench.clock.now());
      expect(await bench.row(id)).toMatchObject({ state: 'planned', lookAt: at('12:00:00'), attempts: [] });
      expect([bench.whatsapp.calls, bench.told]).toEqual([[], ['open c-1 whatsapp:+995555123456', 'withdraw c-1']]);
      await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    });

    it('waits where there is no other', async () => {
      const bench = await deliveryBench(stores);
      bench.decide = ({ refusedOn }) => (refusedOn.length === 0 ? toSend() : { do: 'fail', tried: [] });
      const { id } = await bench.plan();
      await bench.process({ deps: { pacing: full } }).work.run(bench.clock.now());
      expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('12:00:00') });
    });
  });

  it('says for whom else it speaks', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ also: ['v8', 'v9'] });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).also).toEqual(['v8', 'v9']);
  });

  it('is delivered at once where the channel says so', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.answer({ kind: 'sent', providerId: 'w1', delivered: true });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    const row = await bench.row(id);
    expect(row.state).toBe('delivered');
    expect(row.timeline.map(({ status }) => status)).toEqual(['planned', 'sending', 'sent', 'delivered']);
  });

  it('does not leave any more when its time ends while it waits for its place in the rhythm', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    Object.assign(bench.whatsapp, { pace: { perSecond: 1, perChatMs: 0 } });
    const [first, second] = [await bench.plan(), await bench.plan()];
    bench.clock.set('2026-03-02T11:59:59.500Z');
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toHaveLength(1);
    expect((await bench.row(first.id)).state).toBe('sent');
    expect(await bench.row(second.id)).toMatchObject({ state: 'skipped', reason: 'tooLate', attempts: [] });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
  });
});
