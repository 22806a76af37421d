import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, stores, clock } = admin;
await putClinic(admin);

const TOP_UPS = '/branches/hill/balance/top-ups';
const key = (value: string) => ({ 'idempotency-key': value });

describe('A branch’s balance', () => {
  it('starts at nothing', async () => {
    expect(await must('GET', '/branches/hill/balance')).toEqual({ balance: 0, reserved: 0, currency: 'GEL' });
  });

  it('takes a top-up once for each Idempotency-Key, and answers the repeat the same', async () => {
    const first = await call('POST', TOP_UPS, { amount: 5000, note: 'start' }, key('first'));
    const again = await call('POST', TOP_UPS, { amount: 5000, note: 'start' }, key('first'));
    expect([first.status, first.json, again.status, again.json]).toEqual([
      201,
      { balance: 5000, reserved: 0, currency: 'GEL' },
      201,
      { balance: 5000, reserved: 0, currency: 'GEL' },
    ]);
  });

  it('takes two equal requests at once as one', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', TOP_UPS, { amount: 100 }, key('race'))));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await must('GET', '/branches/hill/balance'))['balance']).toBe(5100);
  });

  it('refuses the same key with another body', async () => {
    const answer = await call('POST', TOP_UPS, { amount: 1 }, key('first'));
    expect([answer.status, answer.json['code']]).toEqual([409, 'idempotencyMismatch']);
  });

  it.each([{}, key(''), key('x'.repeat(300)), key('a b'), key('ключ')])('refuses the header %j', async (headers) => {
    const answer = await call('POST', TOP_UPS, { amount: 1 }, headers);
    expect([answer.status, (answer.json['details'] as { path: string }[])[0]?.path]).toEqual([400, 'Idempotency-Key']);
  });

  it.each([-1, 0, 1.5, '5', 2 ** 53, null])('refuses an amount of %j', async (amount) => {
    const answer = await call('POST', TOP_UPS, { amount }, key(`k${String(amount)}`));
    expect([answer.status, (answer.json['details'] as { path: string }[])[0]?.path]).toEqual([400, 'amount']);
  });

  it('of an unknown branch is 404', async () => {
    const get = await call('GET', '/branches/ghost/balance');
    const post = await call('POST', '/branches/ghost/balance/top-ups', { amount: 1 }, key('g'));
    expect([get.status, post.status]).toEqual([404, 404]);
  });
});

describe('GET /spend', () => {
  it('equals the ledger, by scenario, channel, branch and day', async () => {
    const charge = async (
      message: string,
      scenario: string,
      channel: 'whatsapp' | 'sms',
      amount: number,
      day: string,
    ) => {
      const of = { message, attempt: 'a1', branch: 'hill', scenario, channel };
      await stores.ledger.hold(of, amount);
      await stores.ledger.charge(of, amount, new Date(`${day}T08:00:00Z`), day);
    };
    await charge('m1', 'details', 'whatsapp', 100, '2026-11-23');
    await charge('m2', 'details', 'sms', 400, '2026-11-24');
    await charge('m3', 'survey', 'whatsapp', 100, '2026-11-24');
    await stores.ledger.hold({ message: 'm4', branch: 'hill' }, 100);
    const by = async (groupBy: string, more = '') =>
      must('GET', `/spend?branch=hill&groupBy=${groupBy}${more}`) as Promise<{ groups: { key: string }[] }>;
    const sorted = async (groupBy: string) => [...(await by(groupBy)).groups].sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(await by('branch')).toEqual({
      currency: 'GEL',
      total: 600,
      reserved: 100,
      groups: [{ key: 'hill', messages: 3, amount: 600 }],
    });
    expect(await sorted('scenario')).toEqual([
      { key: 'details', messages: 2, amount: 500 },
      { key: 'survey', messages: 1, amount: 100 },
    ]);
    expect(await sorted('channel')).toEqual([
      { key: 'sms', messages: 1, amount: 400 },
      { key: 'whatsapp', messages: 2, amount: 200 },
    ]);
    expect(await sorted('day')).toEqual([
      { key: '2026-11-23', messages: 1, amount: 100 },
      { key: '2026-11-24', messages: 2, amount: 500 },
    ]);
    expect((await by('day', '&from=2026-11-24T00:00:00%2B04:00')).groups).toEqual([
      { key: '2026-11-24', messages: 2, amount: 500 },
    ]);
    expect(await must('GET', '/branches/hill/balance')).toEqual({ balance: 4500, reserved: 100, currency: 'GEL' });
  });

  it('adds up branches of one currency, and not of several', async () => {
    const one = await must('GET', '/spend');
    await must('PUT', '/branches/rome', bodies.branch({ timezone: 'Europe/Rome', country: 'IT', currency: 'EUR' }));
    const several = await call('GET', '/spend');
    expect([one['total'], several.status, several.json['code']]).toEqual([600, 422, 'severalCurrencies']);
  });

  it('refuses an unknown grouping and an unknown branch', async () => {
    expect([
      (await call('GET', '/spend?groupBy=moon')).status,
      (await call('GET', '/spend?branch=ghost')).status,
    ]).toEqual([400, 404]);
  });
});

describe('Tariffs', () => {
  it('are set from a moment on and listed', async () => {
    const set = await must('PUT', '/tariffs', {
      currency: 'GEL',
      from: '2026-12-01T00:00:00+04:00',
      prices: { whatsapp: 150 },
    });
    const { items } = await must('GET', '/tariffs');
    expect(set).toEqual({
      currency: 'GEL',
      from: '2026-11-30T20:00:00Z',
      prices: { whatsapp: 150, sms: 400, telegram: 0, email: 0, voice: 600 },
    });
    expect(items).toEqual([set]);
    expect((await stores.tariffs.at('GEL', clock.now())).whatsapp).toBe(100);
  });

  it.each([
    [{ currency: 'ABC', from: '2026-12-01T00:00:00Z', prices: { sms: 1 } }, 'currency'],
    [{ currency: 'GEL', from: '2026-12-01', prices: { sms: 1 } }, 'from'],
    [{ currency: 'GEL', from: '2026-12-01T00:00:00Z', prices: { pigeon: 1 } }, 'prices.pigeon'],
    [{ currency: 'GEL', from: '2026-12-01T00:00:00Z', prices: { sms: -1 } }, 'prices.sms'],
    [{ currency: 'GEL', from: '2026-12-01T00:00:00Z', prices: {} }, 'prices'],
  ])('refuse %j', async (body, path) => {
    const answer = await call('PUT', '/tariffs', body);
    expect([answer.status, (answer.json['details'] as { path: string }[])[0]?.path]).toEqual([400, path]);
  });
});
