import { describe, expect, it } from '@jest/globals';
import type { CrashPoint, DeliveryDeps } from '../../src/bots/delivery/deps.ts';
import { type Bench, deliveryBench, QUESTION, reply, toSend } from '../support/delivery-bench.ts';
import { gate } from '../support/gate.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const POINTS: readonly CrashPoint[] = [
  'claim:after',
  'hold:after',
  'open:after',
  'send:before',
  'send:after-response',
  'record:before',
  'record:after',
  'charge:after',
];

/** Starts a process that dies on its way, and waits for its end. */
async function runToDeath(bench: Bench, dies: CrashPoint): Promise<void> {
  const mortal = bench.process({ owner: 'p1', dies });
  mortal.work.run(bench.clock.now()).catch(() => undefined);
  await mortal.died;
}

describe('A process that is killed', () => {
  it.each(POINTS)('at %s leaves one message, one charge and nothing reserved after the next start', async (dies) => {
    const bench = await deliveryBench(stores);
    bench.decide = () => toSend({ opening: QUESTION });
    const { id } = await bench.plan();
    await runToDeath(bench, dies);
    const next = bench.process({ owner: 'p2' });
    await next.recover();
    await next.work.run(bench.clock.now());
    expect(bench.whatsapp.arrived).toHaveLength(1);
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: null, lookAt: null, leaseOwner: null });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
    expect(bench.told).toContain(`sent ${id}`);
  });

  it.each(POINTS)('at %s is made good by a neighbour once its lease is over', async (dies) => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const mortal = bench.process({ owner: 'p1', exclusive: false, dies });
    mortal.work.run(bench.clock.now()).catch(() => undefined);
    await mortal.died;
    const neighbour = bench.process({ owner: 'p2', exclusive: false });
    await neighbour.recover();
    await neighbour.work.run(bench.clock.now());
    bench.clock.advance(61_000);
    await neighbour.work.run(bench.clock.now());
    expect(bench.whatsapp.arrived).toHaveLength(1);
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: null });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
  });

  it.each(POINTS)('at %s in a reply leaves one reply', async (dies) => {
    const bench = await deliveryBench(stores);
    const reaches = !['hold:after', 'open:after', 'charge:after'].includes(dies);
    const mortal = bench.process({ owner: 'p1', ...(reaches && { dies }) });
    await mortal.sender.enqueue([reply('r1')]);
    await (reaches ? mortal.died : mortal.sender.flush());
    await bench.process({ owner: 'p2' }).recover();
    expect(bench.whatsapp.arrived).toHaveLength(1);
    const [row] = (await bench.outbox.list({ kind: 'reply' }, { limit: 1 })).items;
    expect(row?.state).toBe('sent');
  });

  it('with a reply in hand has it said before what the next start says to the same chat', async () => {
    const bench = await deliveryBench(stores);
    const mortal = bench.process({ owner: 'p1', dies: 'claim:after' });
    await mortal.sender.enqueue([reply('r1')]);
    await mortal.died;
    const next = bench.process({ owner: 'p2' });
    await next.takeOver();
    await next.sender.enqueue([reply('r2')]);
    await next.sender.flush();
    await next.recover();
    expect(bench.whatsapp.arrived.map(({ text }) => text.text)).toEqual([
      'conversations.thanks r1',
      'conversations.thanks r2',
    ]);
  });

  it('with the answer lost and a platform that cannot be asked leaves an unknown, never a second greeting', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.asked({ kind: 'silent' });
    const { id } = await bench.plan({ scenario: 'greeting' });
    await runToDeath(bench, 'send:after-response');
    const next = bench.process({ owner: 'p2' });
    await next.recover();
    await next.work.run(bench.clock.now());
    bench.clock.advance(7_200_000);
    await next.work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toHaveLength(1);
    expect((await bench.row(id)).state).toBe('unknown');
  });

  it('after it reserved a price keeps nothing of a message that is cancelled before its next look', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    await runToDeath(bench, 'hold:after');
    const next = bench.process({ owner: 'p2' });
    await next.recover();
    const row = await bench.row(id);
    await bench.outbox.save(row, { ...row, state: 'cancelled', lookAt: null });
    await next.work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });
});

describe('A claim', () => {
  it('is not taken from an owner whose lease holds', async () => {
    const bench = await deliveryBench(stores);
    await bench.plan();
    const claimed = gate();
    const decided = gate();
    bench.decide = async () => {
      claimed.open();
      await decided.opened;
      return toSend();
    };
    const first = bench.process({ owner: 'p1', exclusive: false }).work.run(bench.clock.now());
    await claimed.opened;
    await expect(bench.process({ owner: 'p2', exclusive: false }).work.run(bench.clock.now())).resolves.toEqual({
      sent: 0,
      skipped: 0,
    });
    decided.open();
    await expect(first).resolves.toEqual({ sent: 1, skipped: 0 });
  });

  const pacingOf = (change: Partial<DeliveryDeps['pacing']>): DeliveryDeps['pacing'] => ({
    limit: () => undefined,
    limitedUntil: () => null,
    turn: async () => ({ atMs: 0 }),
    leaving: async () => ({ arrived: () => undefined, unused: () => undefined }),
    over: (_channel, health) => health,
    load: async () => undefined,
    ...change,
  });

  it('has no attempt on record while its owner waits for the channel’s rhythm or at its door: a crash then leaves nothing unknown', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const waited: string[] = [];
    const pause = async (): Promise<void> => void waited.push((await bench.row(id)).state);
    const pacing = pacingOf({
      turn: async () => ({ atMs: bench.clock.nowMs() + 1000 }),
      leaving: async () => {
        waited.push((await bench.row(id)).state);
        return { arrived: () => waited.push('arrived'), unused: () => waited.push('unused') };
      },
    });
    await bench.process({ deps: { pacing, pause } }).work.run(bench.clock.now());
    expect(waited).toEqual(['claimed', 'claimed', 'arrived']);
    expect((await bench.row(id)).state).toBe('sent');
  });

  it('gives its place at the channel’s door back where another process was first', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const ends: string[] = [];
    const pacing = pacingOf({
      leaving: async () => {
        const row = await bench.row(id);
        await bench.outbox.save(row, { ...row, state: 'cancelled', lookAt: null });
        return { arrived: () => ends.push('arrived'), unused: () => ends.push('unused') };
      },
    });
    await bench.process({ deps: { pacing } }).work.run(bench.clock.now());
    expect([ends, bench.whatsapp.calls]).toEqual([['unused'], []]);
  });

  it('that ran out while its owner slept is worth nothing to him: the fence drops his write and nothing leaves', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const asleep = gate();
    const awake = gate();
    let looks = 0;
    bench.decide = async () => {
      looks += 1;
      if (looks === 1) {
        asleep.open();
        await awake.opened;
      }
      return toSend();
    };
    const sleeper = bench.process({ owner: 'p1', exclusive: false }).work.run(bench.clock.now());
    await asleep.opened;
    bench.clock.advanceWall(61_000);
    const second = bench.process({ owner: 'p2', exclusive: false });
    await expect(second.work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
    awake.open();
    await expect(sleeper).resolves.toEqual({ sent: 0, skipped: 0 });
    expect(bench.whatsapp.calls).toHaveLength(1);
    expect(await bench.row(id)).toMatchObject({ state: 'sent', fence: 2 });
    expect(await bench.charged()).toEqual(['whatsapp 1×100']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
  });

  it('is looked at once more between the record of the attempt and the call', async () => {
    const bench = await deliveryBench(stores);
    await bench.plan();
    const { outbox } = bench;
    const save: typeof outbox.save = async (seen, next) => {
      const saved = await outbox.save(seen, next);
      if (next.state === 'sending') bench.clock.advanceWall(61_000);
      return saved;
    };
    await bench.process({ deps: { outbox: { ...outbox, save } } }).work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toEqual([]);
    bench.clock.advance(30_000);
    await bench.process({ owner: 'p2' }).work.run(bench.clock.now());
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });

  it('lost to a cancellation lets nothing out and leaves nothing reserved or asked', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    bench.decide = async (seen) => {
      const row = await bench.row(seen.id);
      await bench.outbox.save(row, { ...row, state: 'cancelled', reason: 'moved', lookAt: null });
      return toSend({ opening: QUESTION });
    };
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 0 });
    expect(bench.whatsapp.calls).toEqual([]);
    expect(await bench.row(id)).toMatchObject({ state: 'cancelled', reason: 'moved' });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
    expect(bench.told).toEqual(['open c-1 whatsapp:+995555123456', 'withdraw c-1']);
  });

  it('is given to forty messages twenty at a time by two processes, each sent once', async () => {
    const bench = await deliveryBench(stores);
    await bench.ledger.topUp('hill', 100_000, 'more', bench.clock.now());
    for (let count = 0; count < 40; count += 1) await bench.plan();
    const run = (owner: string) =>
      bench.process({ owner, exclusive: false, deps: { concurrency: 20 } }).work.run(bench.clock.now());
    const done = await Promise.all([run('p1'), run('p2')]);
    expect(done.reduce((sum, { sent }) => sum + sent, 0)).toBe(40);
    expect(new Set(bench.whatsapp.arrived.map(({ messageId }) => messageId)).size).toBe(40);
    expect(bench.whatsapp.calls).toHaveLength(40);
    expect(await bench.charged()).toEqual(['whatsapp 40×4000']);
  });

  it('is no longer asked for once delivery stops', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    const { id } = await bench.plan();
    await delivery.stop();
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('planned');
  });
});
