import { describe, expect, it } from '@jest/globals';
import { throwKillSwitch } from '../../src/admin/kill-switch.ts';
import { createChannelReturn } from '../../src/bots/channel-return.ts';
import type { Verdict } from '../../src/core/message.ts';
import type { Reason } from '../../src/core/reason.ts';
import { buildHealth } from '../support/admin-ports.ts';
import { at, type Bench, deliveryBench, reply, toSend } from '../support/delivery-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const heldBy = (reason: Reason, until: Date): Verdict => ({ do: 'wait', until, reason, tried: [] });

/** The first look decides to wait; before it has written that, `meanwhile` happens. */
function decideTooEarly(bench: Bench, verdict: Verdict, meanwhile: () => Promise<void>): void {
  let looks = 0;
  bench.decide = async () => {
    looks += 1;
    if (looks > 1) return toSend();
    await meanwhile();
    return verdict;
  };
}

/** As the service does it when it sees Telegram come up. */
async function telegramReturns(bench: Bench): Promise<void> {
  const look = createChannelReturn({
    health: buildHealth,
    returned: () => bench.outbox.wake('noChannel', bench.clock.now()),
  });
  await look();
}

describe('A message that is decided in the very moment in which what holds it ends', () => {
  it('goes at once after the kill switch was released, not at its latest moment', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    await stores.killSwitch.set(true, bench.clock.now());
    decideTooEarly(bench, heldBy('killSwitch', at('12:00:00')), () =>
      throwKillSwitch({ stores }, false, bench.clock.now()),
    );
    const delivery = bench.process();
    await delivery.work.run(bench.clock.now());
    await delivery.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', sentAt: at('09:00:00') });
  });

  it('goes at once after its channel came up, not ten minutes later, by whichever instance', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const first = bench.process({ owner: 'p1', exclusive: false });
    decideTooEarly(bench, heldBy('noChannel', at('09:10:00')), async () => {
      void first.stop();
      await telegramReturns(bench);
    });
    await first.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel', lookAt: at('09:00:00') });
    await bench.process({ owner: 'p2', exclusive: false }).work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
  });

  it('goes at once where the channel came up while it was being tried', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    const send = bench.whatsapp.send.bind(bench.whatsapp);
    let calls = 0;
    bench.whatsapp.send = async (message) => {
      calls += 1;
      if (calls > 1) return send(message);
      await telegramReturns(bench);
      return { kind: 'retry', afterMs: 600_000, reason: 'notConnected', only: 'message' };
    };
    const delivery = bench.process();
    await delivery.work.run(bench.clock.now());
    await delivery.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', sentAt: at('09:00:00') });
  });

  it('is looked at once more for that, and then waits as long as it is told to', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    let looks = 0;
    bench.decide = async () => {
      looks += 1;
      if (looks === 1) await telegramReturns(bench);
      return heldBy('noChannel', at('09:10:00'));
    };
    const delivery = bench.process();
    for (let run = 0; run < 3; run += 1) await delivery.work.run(bench.clock.now());
    expect(looks).toBe(2);
    expect(await bench.row(id)).toMatchObject({ state: 'planned', lookAt: at('09:10:00') });
  });

  it('goes at once as a reply too', async () => {
    const bench = await deliveryBench(stores);
    bench.whatsapp.state = 'down';
    const outbox: typeof bench.outbox = {
      ...bench.outbox,
      async save(seen, next) {
        if (next.waiting === 'noChannel' && bench.whatsapp.state === 'down') {
          bench.whatsapp.state = 'up';
          await telegramReturns(bench);
        }
        return bench.outbox.save(seen, next);
      },
    };
    const delivery = bench.process({ deps: { outbox } });
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    // As the dispatcher does: nothing is done before its time.
    const due = await delivery.replies.nextAt();
    if (due !== null && due <= bench.clock.now()) await delivery.replies.run(bench.clock.now());
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });
});
