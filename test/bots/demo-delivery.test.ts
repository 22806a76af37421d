import { describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '../../src/bots/delivery/deps.ts';
import { createPacing } from '../../src/bots/pacing.ts';
import { createMovableClock } from '../../src/bots/simulator/movable-clock.ts';
import { createReplay } from '../../src/bots/simulator/replay.ts';
import { createSimulator } from '../../src/bots/simulator/simulator.ts';
import type { ChatAddress } from '../../src/core/address.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import { at, type Bench, cascade, deliveryBench, reply } from '../support/delivery-bench.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const jane: ChatAddress = { channel: 'whatsapp', address: '+995555123456' };
const chat: ChatAddress = { channel: 'telegram', address: '700' };

/** A process of the demo as the app joins it: movable clock, simulated channels, delivery and replay over one store. */
async function demo(bench: Bench, { owner = 'p1', dies }: { owner?: string; dies?: CrashPoint } = {}) {
  const real = fakeClock('2026-03-02T09:00:00Z');
  const clock = await createMovableClock({ store: stores.simulator, real, wall: real });
  const simulator = createSimulator({
    store: stores.simulator,
    clock,
    newId: () => `${owner}-${(ids += 1)}`,
    settled: () => delivery.sender.flush(),
  });
  const delivery = bench.process({
    owner,
    ...(dies && { dies }),
    deps: {
      channels: new Map<ChannelName, Channel>(simulator.channels),
      pacing: createPacing({
        clock,
        wall: real,
        channels: new Map(),
        paces: stores.paces,
        chance: () => 0,
        pause: async () => undefined,
        log: bench.log,
      }),
      pause: async () => undefined,
      clock,
      wall: real,
    },
  });
  for (const channel of simulator.channels.values())
    await channel.start({ received: async () => undefined, receipt: delivery.receipts, closed: async () => undefined });
  await delivery.recover();
  const works = [delivery.replies, delivery.work];
  const replay = createReplay({
    clock,
    works,
    between: () => delivery.sender.flush(),
    every: () => () => undefined,
    log: bench.log,
  });
  return { clock, simulator, delivery, replay };
}
let ids = 0;

const linesOf = async (address: ChatAddress): Promise<readonly string[]> =>
  (await stores.simulator.ofChat(address)).map(({ text, sentAt }) => `${sentAt.toISOString().slice(11, 19)} ${text}`);

describe('In the demo, scenario messages', () => {
  it('wait while the clock stands, then go each at its own moment', async () => {
    const bench = await deliveryBench(stores);
    const { replay } = await demo(bench);
    await bench.plan({ dueAt: at('09:00:00') });
    await bench.plan({ dueAt: at('09:30:00') });
    expect(await linesOf(jane)).toEqual([]);
    await expect(replay.move({ to: at('10:00:00') })).resolves.toEqual({ now: at('10:00:00'), sent: 2, skipped: 0 });
    expect(await linesOf(jane)).toEqual(['09:00:00 scenarios.confirmation', '09:30:00 scenarios.confirmation']);
  });

  it('are delivered at once in WhatsApp and read when the patient next writes', async () => {
    const bench = await deliveryBench(stores);
    const { replay, simulator } = await demo(bench);
    const { id } = await bench.plan();
    await replay.move({ advanceMs: 0 });
    expect((await bench.row(id)).state).toBe('delivered');
    await simulator.act(jane, { text: 'ok' });
    expect((await bench.row(id)).state).toBe('read');
  });

  it('to a silent channel are sending for 30 s of clock, then unknown, and not in the chat', async () => {
    const bench = await deliveryBench(stores);
    const { replay, simulator } = await demo(bench);
    await simulator.setMode('whatsapp', 'silent');
    const { id } = await bench.plan({ scenario: 'greeting' });
    await replay.move({ to: at('09:00:29') });
    expect((await bench.row(id)).state).toBe('sending');
    await expect(replay.move({ to: at('09:00:30') })).resolves.toMatchObject({ sent: 0, skipped: 0 });
    expect((await bench.row(id)).state).toBe('unknown');
    await replay.move({ to: at('11:00:00') });
    expect((await bench.row(id)).state).toBe('unknown');
    expect(await linesOf(jane)).toEqual([]);
  });

  it('to a limited channel go when it answers again, without a call inside its retry_after', async () => {
    const bench = await deliveryBench(stores);
    const { replay, simulator } = await demo(bench);
    await simulator.setMode('whatsapp', 'limited');
    const { id } = await bench.plan();
    await replay.move({ to: at('09:02:30') });
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('09:03:00') });
    await simulator.setMode('whatsapp', 'up');
    await replay.move({ to: at('10:00:00') });
    expect(await linesOf(jane)).toEqual(['09:03:00 scenarios.confirmation']);
    expect((await bench.row(id)).attempts.map(({ result }) => result)).toEqual(['retry', 'sent']);
  });

  it('to a failing channel go through the next one', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { replay, simulator } = await demo(bench);
    await simulator.setMode('whatsapp', 'failing');
    const { id } = await bench.plan();
    await replay.move({ advanceMs: 0 });
    expect(await bench.row(id)).toMatchObject({ state: 'sent', channel: 'telegram', refusedOn: ['whatsapp'] });
    expect(await linesOf(chat)).toEqual(['09:00:00 scenarios.confirmation']);
  });

  it('to an address out of reach go through the next channel', async () => {
    const bench = await deliveryBench(stores);
    bench.decide = cascade;
    const { replay, simulator } = await demo(bench);
    await simulator.setReachable(jane, false);
    await bench.plan();
    await replay.move({ advanceMs: 0 });
    expect(await linesOf(jane)).toEqual([]);
    expect(await linesOf(chat)).toHaveLength(1);
  });

  it.each<CrashPoint>([
    'claim:after',
    'hold:after',
    'send:before',
    'send:after-response',
    'record:before',
    'record:after',
  ])('of a process that is killed at %s are one line each, and the clock goes on from its place', async (dies) => {
    const bench = await deliveryBench(stores);
    const first = await demo(bench, { dies });
    await bench.plan({ dueAt: at('09:30:00') });
    await bench.plan({ dueAt: at('09:30:00') });
    first.replay.move({ to: at('10:00:00') }).catch(() => undefined);
    await first.delivery.died;
    const second = await demo(bench, { owner: 'p2' });
    expect(second.clock.now()).toEqual(at('09:30:00'));
    await second.replay.move({ to: at('10:00:00') });
    expect(await linesOf(jane)).toEqual(['09:30:00 scenarios.confirmation', '09:30:00 scenarios.confirmation']);
    expect(await bench.charged()).toEqual(['whatsapp 2×200']);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 800, reserved: 0 });
  });
});

describe('In the demo, replies', () => {
  it('go at once while the clock stands', async () => {
    const bench = await deliveryBench(stores);
    const { delivery } = await demo(bench);
    await delivery.sender.enqueue([reply('r1'), reply('r2')]);
    await delivery.sender.flush();
    expect(await linesOf(jane)).toEqual(['09:00:00 conversations.thanks r1', '09:00:00 conversations.thanks r2']);
  });

  it('that a channel held up go at the next move of the clock', async () => {
    const bench = await deliveryBench(stores);
    const { delivery, simulator, replay } = await demo(bench);
    await simulator.setMode('whatsapp', 'down');
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    await simulator.setMode('whatsapp', 'up');
    await replay.move({ advanceMs: 30_000 });
    expect(await linesOf(jane)).toEqual(['09:00:30 conversations.thanks r1']);
  });
});
