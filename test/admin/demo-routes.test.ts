import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import { buildLine } from '../support/admin-ports.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, ports } = admin;
await putClinic(admin);
const real = await openAdminServer({ part: 'real', demo: false });

const CHAT = '/demo/chats/whatsapp/%2B995555123456/messages';

describe('The demo clock', () => {
  it('says where it stands, and when something falls due', async () => {
    const still = await must('GET', '/demo/clock');
    ports.demo.replay.nextAt = async () => new Date('2026-11-23T08:00:00Z');
    expect([still, await must('GET', '/demo/clock')]).toEqual([
      { now: '2026-11-23T05:00:00Z', running: false, nextAt: null },
      { now: '2026-11-23T05:00:00Z', running: false, nextAt: '2026-11-23T08:00:00Z' },
    ]);
  });

  it('moves to an instant, by a duration, or with real time', async () => {
    const moves: unknown[] = [];
    const { move } = ports.demo.replay;
    ports.demo.replay.move = async (wanted) => {
      moves.push(wanted);
      return move(wanted);
    };
    const to = await must('POST', '/demo/clock', { to: '2026-11-23T10:00:00+04:00' });
    const advanced = await must('POST', '/demo/clock', { advance: 'PT3H' });
    await must('POST', '/demo/clock', { advance: 'P1M' });
    await must('POST', '/demo/clock', { advance: 'PT0S' });
    const running = await must('POST', '/demo/clock', { run: true });
    expect([to, advanced]).toEqual([
      { now: '2026-11-23T06:00:00Z', sent: 0, skipped: 0 },
      { now: '2026-11-23T09:00:00Z', sent: 0, skipped: 0 },
    ]);
    expect(running['now']).toBe('2026-12-23T09:00:00Z');
    expect(moves).toEqual([
      { to: new Date('2026-11-23T06:00:00Z') },
      { advanceMs: 10_800_000 },
      { advanceMs: 2_592_000_000 },
      { advanceMs: 0 },
      { run: true },
    ]);
    expect((await must('GET', '/demo/clock'))['running']).toBe(true);
  });

  it('does not go back', async () => {
    ports.demo.replay.move = async () => {
      throw new AppError('clockBackwards', 'The clock does not go back.');
    };
    const answer = await call('POST', '/demo/clock', { to: '2026-11-22T10:00:00+04:00' });
    expect([answer.status, answer.json['code']]).toEqual([409, 'clockBackwards']);
  });

  it.each([
    {},
    { to: '2026-11-23T10:00:00' },
    { advance: '3h' },
    { advance: '-PT3H' },
    { run: 1 },
    { run: true, advance: 'PT1H' },
  ])('refuses %j', async (move) => {
    expect((await call('POST', '/demo/clock', move)).status).toBe(400);
  });

  it('is reset', async () => {
    let resets = 0;
    ports.demo.reset = async () => {
      resets += 1;
    };
    await must('POST', '/demo/reset');
    expect(resets).toBe(1);
  });
});

describe('The simulated phones', () => {
  it('are listed with their patient and their last line', async () => {
    ports.demo.simulator.chats = async () => [
      buildLine({ choices: [{ id: 'confirm', title: 'Confirm' }] }),
      buildLine({ id: 'line-2', at: { channel: 'telegram', address: '777' }, from: 'patient', text: 'hello' }),
    ];
    const { items } = await must('GET', '/demo/chats');
    const at = '2026-11-23T05:00:00Z';
    expect(items).toEqual([
      {
        channel: 'whatsapp',
        address: '+995555123456',
        patient: 'jane',
        last: {
          id: 'line-1',
          from: 'bot',
          at,
          text: 'See you!',
          choices: [{ id: 'confirm', title: 'Confirm' }],
          status: 'sent',
        },
      },
      {
        channel: 'telegram',
        address: '777',
        last: { id: 'line-2', from: 'patient', at, text: 'hello', status: 'sent' },
      },
    ]);
  });

  it('show their lines, oldest first; one that never was is empty', async () => {
    const asked: unknown[] = [];
    ports.demo.simulator.messages = async (at, after) => {
      asked.push([at.channel, at.address, after]);
      return at.channel === 'whatsapp' ? [buildLine(), buildLine({ id: 'line-2' })] : [];
    };
    const all = await must('GET', `${CHAT}?after=line-0`);
    const empty = await must('GET', '/demo/chats/email/head%40hill.example/messages');
    expect([(all['items'] as { id: string }[]).map(({ id }) => id), empty]).toEqual([
      ['line-1', 'line-2'],
      { items: [], next: null },
    ]);
    expect(asked).toEqual([
      ['whatsapp', '+995555123456', 'line-0'],
      ['email', 'head@hill.example', undefined],
    ]);
  });

  it('do what a patient can do, and answer with the bot’s replies', async () => {
    const acts: unknown[] = [];
    ports.demo.simulator.act = async (_at, act) => {
      acts.push(act);
      return [buildLine({ id: 'reply', text: 'Noted.' })];
    };
    const wishes = [
      { text: 'yes' },
      { text: 'this one', quote: 'line-1' },
      { choice: 'confirm' },
      { choice: 'confirm', message: 'line-1' },
      { contact: { phone: '+995555123456' } },
      { media: 'voice' },
      { text: '' },
    ];
    const [first] = await Promise.all(wishes.map((wish) => must('POST', CHAT, wish)));
    expect(acts).toEqual(wishes);
    expect(first).toEqual({
      items: [{ id: 'reply', from: 'bot', at: '2026-11-23T05:00:00Z', text: 'Noted.', status: 'sent' }],
    });
  });

  it.each([
    {},
    { text: 'x', choice: 'y' },
    { text: 5 },
    { choice: 'y', quote: 'line-1' },
    { text: 'x', message: 'line-1' },
    { media: 'film' },
    { contact: {} },
  ])('refuse %j', async (act) => {
    expect((await call('POST', CHAT, act)).status).toBe(400);
  });

  it('are at an address that fits their channel', async () => {
    const statuses = await Promise.all(
      ['pigeon/1', 'whatsapp/995555123456', 'sms/hello'].map(
        async (chat) => (await call('GET', `/demo/chats/${chat}/messages`)).status,
      ),
    );
    expect(statuses).toEqual([400, 400, 400]);
  });
});

describe('A simulated channel', () => {
  it('is made to misbehave, and an address unreachable', async () => {
    const asked: unknown[] = [];
    ports.demo.simulator.setMode = async (...args) => void asked.push(args);
    ports.demo.simulator.setReachable = async (...args) => void asked.push(args);
    const mode = await must('POST', '/demo/channels/whatsapp', { mode: 'silent' });
    const address = { channel: 'whatsapp', address: '+995555123456', reachable: false };
    const reachable = await must('POST', '/demo/addresses', address);
    const bad = await call('POST', '/demo/channels/whatsapp', { mode: 'sleepy' });
    const pigeon = await call('POST', '/demo/channels/pigeon', { mode: 'up' });
    expect([mode, reachable, bad.status, pigeon.status]).toEqual([
      { channel: 'whatsapp', mode: 'silent' },
      address,
      400,
      400,
    ]);
    expect(asked).toEqual([
      ['whatsapp', 'silent'],
      [{ channel: 'whatsapp', address: '+995555123456' }, false],
    ]);
  });
});

describe('Where the service is no demo', () => {
  it('has none of these routes', async () => {
    expect((await real.call('GET', '/demo/clock')).status).toBe(404);
    expect(real.server.table().filter(({ path }) => path.includes('/demo/'))).toEqual([]);
  });
});
