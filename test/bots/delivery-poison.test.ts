import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { AppError } from '../../src/core/errors.ts';
import { at, deliveryBench, QUESTION, toSend } from '../support/delivery-bench.ts';
import { storeUri } from '../support/store-uri.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

describe('A row that always throws', () => {
  it('harms nobody else, is tried five times ever later, and fails', async () => {
    const bench = await deliveryBench(stores);
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

  it('that nobody can read holds nobody up either, and ends as failed with a line in the log', async () => {
    const bench = await deliveryBench(stores);
    const bad = await bench.plan();
    const good = await bench.plan();
    const connection = await mongoose.createConnection(storeUri()).asPromise();
    const broken = { $set: { attempts: 7, timeline: 'gone', refusedOn: null } };
    await connection.collection<{ _id: string }>('messages').updateOne({ _id: bad.id }, broken);
    await connection.close();
    const delivery = bench.process();
    for (let tried = 0; tried < 8; tried += 1) {
      await delivery.work.run(bench.clock.now());
      bench.clock.advance(1_200_000);
    }
    expect((await bench.row(good.id)).state).toBe('sent');
    expect(bench.log.lines.some(({ level }) => level === 'error')).toBe(true);
    expect(await delivery.work.nextAt()).toBeNull();
  });

  it('is logged by its id, without words', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    bench.decide = () => {
      throw new Error('bad');
    };
    await bench.process().work.run(bench.clock.now());
    expect(bench.log.lines[0]?.fields).toMatchObject({ message: id, tried: 1 });
  });

  it('gives back what it had reserved', async () => {
    const bench = await deliveryBench(stores);
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

  it('while it may have left stays unknown, with its price reserved', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    const { id } = await bench.plan();
    await delivery.work.run(bench.clock.now());
    bench.clock.advance(30_000);
    await delivery.work.run(bench.clock.now());
    bench.decide = () => {
      throw new Error('bad');
    };
    for (let tried = 1; tried <= 5; tried += 1) {
      const { lookAt } = await bench.row(id);
      bench.clock.set(lookAt ?? '');
      await delivery.work.run(bench.clock.now());
    }
    expect(await bench.row(id)).toMatchObject({ state: 'unknown', lookAt: null });
    await expect(bench.ledger.funds('hill')).resolves.toEqual({ balance: 1000, reserved: 100 });
  });
});

describe('A store that is away', () => {
  it('counts no try against a row, which goes on when the store is back', async () => {
    const bench = await deliveryBench(stores);
    const { id } = await bench.plan();
    let away = false;
    const ifThere = <T>(answer: () => Promise<T>): Promise<T> =>
      away ? Promise.reject(new AppError('notReady', 'The database does not answer.')) : answer();
    const { outbox } = bench;
    const delivery = bench.process({
      deps: {
        outbox: {
          ...outbox,
          get: (row) => ifThere(() => outbox.get(row)),
          save: (seen, next) => ifThere(() => outbox.save(seen, next)),
          claim: (query) => ifThere(() => outbox.claim(query)),
        },
      },
    });
    bench.decide = () => {
      away = true;
      return toSend();
    };
    await expect(delivery.work.run(bench.clock.now())).rejects.toMatchObject({ code: 'notReady' });
    await expect(delivery.work.run(bench.clock.now())).rejects.toMatchObject({ code: 'notReady' });
    expect(bench.whatsapp.calls).toEqual([]);
    away = false;
    bench.decide = () => toSend();
    await expect(delivery.work.run(bench.clock.now())).resolves.toEqual({ sent: 1, skipped: 0 });
    expect(await bench.row(id)).toMatchObject({ state: 'sent', unsettled: null });
    expect(bench.log.lines.map(({ event }) => event)).not.toContain('message.threw');
  });
});
