import { beforeEach, describe, expect, it } from '@jest/globals';
import { ledgerContract } from '../contracts/ledger.ts';
import { MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, jobsDb } = await openTestStores();
const { ledger, simulator, tariffs } = stores;

ledgerContract({
  name: 'The stored ledger',
  create: async () => {
    await simulator.reset();
    return ledger;
  },
});

const TUESDAY = new Date('2026-11-24T05:00:00Z');

describe('Spend', () => {
  beforeEach(async () => {
    await simulator.reset();
    await ledger.topUp('north', 10_000, 'k', MONDAY, 'начало');
    await ledger.charge(
      { message: 'a', attempt: 'a1', branch: 'north', scenario: 'reminder', channel: 'sms' },
      800,
      MONDAY,
      '2026-11-23',
    );
    await ledger.charge(
      { message: 'b', attempt: 'a1', branch: 'north', scenario: 'survey', channel: 'whatsapp' },
      0,
      TUESDAY,
      '2026-11-24',
    );
    await ledger.charge(
      { message: 'c', attempt: 'a1', branch: 'south', scenario: 'reminder', channel: 'sms' },
      400,
      TUESDAY,
      '2026-11-24',
    );
    await ledger.hold({ message: 'd', branch: 'north' }, 100);
  });

  it('is grouped by scenario, and free messages are counted', async () => {
    expect(await ledger.spend({ branches: ['north'] }, 'scenario')).toEqual({
      total: 800,
      reserved: 100,
      groups: [
        { key: 'reminder', messages: 1, amount: 800 },
        { key: 'survey', messages: 1, amount: 0 },
      ],
    });
  });

  it('is grouped by channel, branch and local day', async () => {
    const branches = ['north', 'south'];
    expect((await ledger.spend({ branches }, 'channel')).groups).toEqual([
      { key: 'sms', messages: 2, amount: 1_200 },
      { key: 'whatsapp', messages: 1, amount: 0 },
    ]);
    expect((await ledger.spend({ branches }, 'branch')).groups).toEqual([
      { key: 'north', messages: 2, amount: 800 },
      { key: 'south', messages: 1, amount: 400 },
    ]);
    expect((await ledger.spend({ branches }, 'day')).groups).toEqual([
      { key: '2026-11-23', messages: 1, amount: 800 },
      { key: '2026-11-24', messages: 2, amount: 400 },
    ]);
  });

  it('counts from a moment to another, the last one not', async () => {
    const spend = await ledger.spend({ branches: ['north', 'south'], from: MONDAY, to: TUESDAY }, 'branch');
    expect(spend).toMatchObject({ total: 800, groups: [{ key: 'north', messages: 1, amount: 800 }] });
  });

  it('of a scenario is summed since a moment, for a branch or all', async () => {
    expect(await ledger.spentBy(null, 'reminder', MONDAY)).toBe(1_200);
    expect(await ledger.spentBy('north', 'reminder', MONDAY)).toBe(800);
    expect(await ledger.spentBy('north', 'reminder', TUESDAY)).toBe(0);
  });
});

describe('A refund', () => {
  const of = { message: 'm', attempt: 'a1', branch: 'north', scenario: 'reminder', channel: 'sms' } as const;
  const note = { token: 'slow', line: 'm/a1', amount: 400 };
  const account = () => jobsDb().collection<{ _id: string }>('accounts');
  const put = () => account().updateOne({ _id: 'north' }, { $set: { 'refunding.m': note } });

  beforeEach(async () => {
    await simulator.reset();
    await ledger.topUp('north', 1_000, 'k', MONDAY);
    await ledger.charge(of, 400, MONDAY, '2026-11-23');
  });

  const ends = async (): Promise<void> => {
    await ledger.refund(of, MONDAY, '2026-11-23');
    expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
    expect((await ledger.spend({ branches: ['north'] }, 'channel')).groups).toEqual([]);
    expect(await account().findOne({ _id: 'north' })).toMatchObject({ refunding: {}, spent: 0, available: 1_000 });
  };

  it('that a slow instance begins after another one ended it brings nothing more', async () => {
    await ledger.refund(of, MONDAY, '2026-11-23');
    await put();
    await ends();
  });

  it('that a crash ended before the line was touched is ended by the repeat', async () => {
    await put();
    await ends();
  });

  it('that a crash ended before the money came back is ended by the repeat', async () => {
    await put();
    const lines = jobsDb().collection<{ _id: string }>('ledger');
    await lines.updateOne({ _id: 'm/a1' }, { $set: { kind: 'refunded', refund: 'slow' } });
    await ends();
  });

  it('of what an earlier version charged under the message’s own id comes back, once', async () => {
    const lines = jobsDb().collection<{ _id: string }>('ledger');
    const line = await lines.findOne({ _id: 'm/a1' });
    await lines.deleteOne({ _id: 'm/a1' });
    await lines.insertOne({ ...line, _id: 'm' });
    expect(await ledger.hold({ message: 'm', branch: 'north' }, 400)).toBe(true);
    await ledger.charge(of, 400, MONDAY, '2026-11-23');
    expect(await ledger.funds('north')).toEqual({ balance: 600, reserved: 0 });
    await ledger.refund(of, MONDAY, '2026-11-23');
    await ends();
  });
});

describe('A top-up', () => {
  beforeEach(() => simulator.reset());

  it('of a key that was used for another amount or note is refused', async () => {
    await ledger.topUp('north', 1_000, 'k', MONDAY, 'начало');
    await expect(ledger.topUp('north', 999, 'k', MONDAY, 'начало')).rejects.toMatchObject({
      code: 'idempotencyMismatch',
    });
    await expect(ledger.topUp('north', 1_000, 'k', MONDAY)).rejects.toMatchObject({ code: 'idempotencyMismatch' });
    expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
  });

  it('counts once though it is repeated at the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => ledger.topUp('north', 1_000, 'k', MONDAY)));
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(await ledger.funds('north')).toEqual({ balance: 1_000, reserved: 0 });
  });
});

describe('Tariffs', () => {
  beforeEach(() => simulator.reset());

  it('are the defaults before the first one', async () => {
    expect(await tariffs.at('RUB', MONDAY)).toEqual({ whatsapp: 100, sms: 400, telegram: 0, email: 0, voice: 600 });
  });

  it('hold from their moment on, and a channel left out keeps its earlier price', async () => {
    await tariffs.put({ currency: 'RUB', from: MONDAY, prices: { sms: 500, whatsapp: 150 } });
    await tariffs.put({ currency: 'RUB', from: TUESDAY, prices: { sms: 550 } });
    await tariffs.put({ currency: 'GEL', from: MONDAY, prices: { sms: 9 } });
    expect((await tariffs.at('RUB', new Date('2026-11-23T04:59:59Z'))).sms).toBe(400);
    expect(await tariffs.at('RUB', MONDAY)).toMatchObject({ sms: 500, whatsapp: 150, voice: 600 });
    expect(await tariffs.at('RUB', TUESDAY)).toMatchObject({ sms: 550, whatsapp: 150, voice: 600 });
  });

  it('of the same start are replaced and listed with all prices', async () => {
    await tariffs.put({ currency: 'RUB', from: MONDAY, prices: { sms: 500 } });
    expect(await tariffs.put({ currency: 'RUB', from: MONDAY, prices: { voice: 700 } })).toEqual({
      currency: 'RUB',
      from: MONDAY,
      prices: { whatsapp: 100, sms: 400, telegram: 0, email: 0, voice: 700 },
    });
    expect((await tariffs.list({ limit: 5 })).items).toHaveLength(1);
  });
});
