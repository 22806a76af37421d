import { describe, expect, it } from '@jest/globals';
import { at, cascade, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';

const MINUTE = 60_000;

describe('A due scenario message', () => {
  it('is decided, held, asked, attempted, sent and charged, in this order', async () => {
    const bench = await deliveryBench();
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
        id: 'm-0002',
        channel: 'whatsapp',
        to: '+995555123456',
        price: 100,
        at: at('09:00:00'),
        result: 'sent',
        providerId: 'wamid-m-0002',
      },
    ]);
    expect(bench.told).toEqual(['open c-1 whatsapp:+995555123456', `sent ${id}`, 'saw whatsapp:+995555123456 jane']);
    expect(bench.ledger.charges).toEqual([`${id} whatsapp 100 2026-03-02`]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 900, reserved: 0 });
  });

  it('is charged on the local day of its branch', async () => {
    const bench = await deliveryBench();
    bench.clock.set('2026-03-02T21:30:00Z');
    bench.decide = () => toSend({ latestAt: new Date('2026-03-02T23:00:00Z') });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(bench.ledger.charges).toEqual([`${id} whatsapp 100 2026-03-03`]);
  });

  it('goes out one after another by its moment, then by its id', async () => {
    const bench = await deliveryBench();
    const later = await bench.plan({ lookAt: at('08:50:00') });
    const first = await bench.plan({ lookAt: at('08:40:00') });
    const second = await bench.plan({ lookAt: at('08:40:00') });
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.arrived.map(({ messageId }) => messageId)).toEqual([first.id, second.id, later.id]);
  });

  it('waits where the decision says so, and says for what', async () => {
    const bench = await deliveryBench();
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
    const bench = await deliveryBench();
    bench.decide = () => ({ do: 'wait', until: at('12:30:00'), reason: 'killSwitch', tried: [] });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
  });

  it('ends in a skip with its reason, which is counted', async () => {
    const bench = await deliveryBench();
    bench.decide = () => ({ do: 'skip', reason: 'grouped', groupedIn: 'other', tried: [] });
    const { id } = await bench.plan();
    await expect(bench.process().work.run(bench.clock.now())).resolves.toEqual({ sent: 0, skipped: 1 });
    const row = await bench.row(id);
    expect(row).toMatchObject({ state: 'skipped', reason: 'grouped', groupedIn: 'other', lookAt: null });
    expect(row.timeline.at(-1)).toEqual({ status: 'skipped', at: at('09:00:00'), detail: 'grouped' });
    expect(bench.metrics.counted).toEqual(['skipped confirmation grouped']);
  });

  it('never leaves at its latest moment or later', async () => {
    const bench = await deliveryBench();
    bench.decide = () => toSend({ latestAt: at('09:00:00') });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(bench.whatsapp.calls).toEqual([]);
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'tooLate' });
  });

  it('says for whom else it speaks', async () => {
    const bench = await deliveryBench();
    bench.decide = () => toSend({ also: ['v8', 'v9'] });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).also).toEqual(['v8', 'v9']);
  });

  it('is delivered at once where the channel says so', async () => {
    const bench = await deliveryBench();
    bench.whatsapp.answer({ kind: 'sent', providerId: 'w1', delivered: true });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    const row = await bench.row(id);
    expect(row.state).toBe('delivered');
    expect(row.timeline.map(({ status }) => status)).toEqual(['planned', 'sending', 'sent', 'delivered']);
  });
});

describe('Money', () => {
  it('that does not cover the price holds the message for ten minutes (noFunds)', async () => {
    const bench = await deliveryBench();
    bench.decide = () => toSend({ price: 1001 });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'planned', waiting: 'noFunds', lookAt: at('09:10:00') });
    expect(bench.whatsapp.calls).toEqual([]);
    await bench.ledger.topUp('hill', 1, 'second', bench.clock.now());
    bench.clock.advance(10 * MINUTE);
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
  });

  it('that never came ends the message at its latest moment (noFunds)', async () => {
    const bench = await deliveryBench();
    bench.decide = () => toSend({ price: 1001 });
    const { id } = await bench.plan({ lookAt: at('11:55:00') });
    bench.clock.set(at('11:55:00'));
    await bench.process().work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
    bench.clock.set(at('12:00:00'));
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'noFunds' });
  });

  it('is given back while a limit holds the message', async () => {
    const bench = await deliveryBench();
    bench.whatsapp.answer({ kind: 'retry', afterMs: MINUTE, reason: 'rateLimited' });
    await bench.plan();
    await bench.process().work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is charged once and at the price of the channel that took it', async () => {
    const bench = await deliveryBench();
    bench.decide = cascade;
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(bench.ledger.charges).toEqual([`${id} telegram 0 2026-03-02`]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('is charged later by whoever starts next when the ledger was away', async () => {
    const bench = await deliveryBench();
    const { id } = await bench.plan();
    const { hold, release } = bench.ledger;
    const charge = async (): Promise<void> => {
      throw new Error('no ledger');
    };
    await bench.process({ deps: { ledger: { hold, release, charge } } }).work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: 'charge' });
    await bench.process({ owner: 'p2' }).recover();
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: null });
    expect(bench.ledger.charges).toEqual([`${id} whatsapp 100 2026-03-02`]);
  });
});

describe('A channel that answers', () => {
  it('retry is left alone until then, and the attempt takes no second place', async () => {
    const bench = await deliveryBench();
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
    const bench = await deliveryBench();
    const delivery = bench.process();
    bench.whatsapp.answer({ kind: 'retry', afterMs: 300 * MINUTE, reason: 'rateLimited' });
    const { id } = await bench.plan();
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).lookAt).toEqual(at('12:00:00'));
    bench.clock.set(at('12:00:00'));
    await delivery.work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'skipped', reason: 'noChannel' });
  });

  it('refused is followed by the next one at once: one message, all attempts kept', async () => {
    const bench = await deliveryBench();
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
    const bench = await deliveryBench();
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
    expect(bench.ledger.charges).toEqual([]);
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });

  it('refused keeps a question that an earlier message asked', async () => {
    const bench = await deliveryBench();
    bench.decide = ({ id, refusedOn }) =>
      refusedOn.length > 0 && id !== 'm-0001' ? { do: 'fail', tried: [] } : toSend({ opening: QUESTION });
    await bench.plan();
    await bench.process().work.run(bench.clock.now());
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    await bench.plan({ step: 1 });
    await bench.process().work.run(bench.clock.now());
    expect(bench.told.filter((line) => line.startsWith('withdraw'))).toEqual([]);
  });

  it('nothing, by throwing, counts as one whose outcome is unknown', async () => {
    const bench = await deliveryBench();
    bench.whatsapp.answer(new Error('socket hang up'));
    const { id } = await bench.plan();
    await bench.process().work.run(bench.clock.now());
    expect(await bench.row(id)).toMatchObject({ state: 'sending', lookAt: at('09:00:30') });
  });
});

describe('A row that always throws', () => {
  it('harms nobody else, is tried five times ever later, and fails', async () => {
    const bench = await deliveryBench();
    const delivery = bench.process();
    const bad = await bench.plan();
    const good = await bench.plan();
    bench.decide = ({ id }) => {
      if (id === bad.id) throw new Error('a template that cannot be');
      return toSend();
    };
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(good.id)).state).toBe('sent');
    const looks: (Date | null)[] = [];
    for (let tried = 1; tried < 5; tried += 1) {
      const { lookAt } = await bench.row(bad.id);
      looks.push(lookAt);
      bench.clock.set(lookAt ?? '');
      await delivery.work.run(bench.clock.now());
    }
    expect(looks).toEqual([at('09:00:10'), at('09:00:50'), at('09:03:30'), at('09:14:10')]);
    expect(await bench.row(bad.id)).toMatchObject({ state: 'failed', lookAt: null });
    expect(bench.log.lines.map(({ level, event }) => `${level} ${event}`)).toEqual([
      'warn message.threw',
      'warn message.threw',
      'warn message.threw',
      'warn message.threw',
      'error message.givenUp',
    ]);
  });

  it('is logged by its id, without words', async () => {
    const bench = await deliveryBench();
    const { id } = await bench.plan();
    bench.decide = () => {
      throw new Error('bad');
    };
    await bench.process().work.run(bench.clock.now());
    expect(bench.log.lines[0]?.fields).toMatchObject({ message: id, tried: 1 });
  });

  it('gives back what it had reserved', async () => {
    const bench = await deliveryBench();
    await bench.plan();
    const conversations = {
      open: async () => {
        throw new Error('no conversations');
      },
      withdraw: async () => undefined,
    };
    bench.decide = () => toSend({ opening: QUESTION });
    await bench.process({ deps: { conversations } }).work.run(bench.clock.now());
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 0 });
  });
});
