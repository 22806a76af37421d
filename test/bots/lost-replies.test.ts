import { describe, expect, it } from '@jest/globals';
import { deliveryBench, reply } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const DAY_MS = 86_400_000;

async function open() {
  const bench = await deliveryBench(stores);
  const lost: string[] = [];
  const delivery = bench.process({
    deps: {
      replyLost: async ({ key, state }) => {
        lost.push(`${key} ${state}`);
      },
    },
  });
  return { bench, lost, ...delivery };
}

describe('A reply that is given up', () => {
  it('is told of when the channel refuses it; an alert or a staff message is not', async () => {
    const { bench, lost, sender } = await open();
    for (const row of [reply('r1'), reply('a1', { kind: 'alert' }), reply('s1', { kind: 'staff' })]) {
      bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
      await sender.enqueue([row]);
      await sender.flush();
    }
    expect(lost).toEqual(['r1 failed']);
  });

  it('is told of when its channel was away for a day', async () => {
    const { bench, lost, sender, replies } = await open();
    bench.whatsapp.state = 'down';
    await sender.enqueue([reply('r1')]);
    await sender.flush();
    expect(lost).toEqual([]);
    bench.clock.advance(DAY_MS);
    await replies.run(bench.clock.now());
    expect(lost).toEqual(['r1 expired']);
  });

  it('is told of when nobody knows what became of it', async () => {
    const { bench, lost, sender, replies } = await open();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    await sender.enqueue([reply('r1')]);
    await sender.flush();
    bench.clock.advance(30_000);
    await replies.run(bench.clock.now());
    expect(lost).toEqual(['r1 unknown']);
  });

  it('is told of when the platform refuses it late, and its dialogue stays', async () => {
    const { bench, lost, sender, receipts } = await open();
    await sender.enqueue([reply('r1', { conversation: 'c-1' })]);
    await sender.flush();
    const [row] = (await bench.outbox.list({}, { limit: 1 })).items;
    const providerId = row?.attempts[0]?.providerId ?? '';
    await receipts({ channel: 'whatsapp', providerId, at: bench.clock.now(), status: 'failed', reason: 'window' });
    expect(lost).toEqual(['r1 failed']);
    expect(bench.told.filter((line) => line.startsWith('withdraw'))).toEqual([]);
  });

  it('ends all the same when telling fails', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process({
      deps: {
        replyLost: async () => {
          throw new Error('away');
        },
      },
    });
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    await sender.enqueue([reply('r1')]);
    await sender.flush();
    expect((await bench.outbox.list({}, { limit: 1 })).items).toMatchObject([{ state: 'failed' }]);
  });
});
