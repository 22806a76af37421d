import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { buildHealth } from '../support/admin-ports.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, ports, stores, clock } = admin;
await putClinic(admin);

const chat = { channel: 'telegram', address: '777' } as const;
const hash = (token: unknown): string =>
  createHash('sha256')
    .update(token as string)
    .digest('hex');

describe('GET /channels', () => {
  it('lists how each channel is', async () => {
    const since = new Date('2026-11-23T04:00:00Z');
    ports.health = () => ({ ...buildHealth(), sms: { state: 'down', since, detail: 'credentials' } });
    const { items } = await must('GET', '/channels');
    expect(items).toEqual([
      { channel: 'whatsapp', state: 'up', since: '2026-11-23T00:00:00Z' },
      { channel: 'telegram', state: 'up', since: '2026-11-23T00:00:00Z' },
      { channel: 'sms', state: 'down', since: '2026-11-23T04:00:00Z', detail: 'credentials' },
      { channel: 'email', state: 'up', since: '2026-11-23T00:00:00Z' },
      { channel: 'voice', state: 'up', since: '2026-11-23T00:00:00Z' },
    ]);
  });
});

describe('A channel', () => {
  it('is connected, and says how it is linked', async () => {
    const answer = await call('POST', '/channels/whatsapp/connect');
    expect([answer.status, answer.json]).toEqual([
      200,
      { channel: 'whatsapp', state: 'connecting', since: '2026-11-23T05:00:00Z', detail: 'qr:2@abc' },
    ]);
  });

  it('is disconnected', async () => {
    expect(await must('POST', '/channels/whatsapp/disconnect')).toEqual({
      channel: 'whatsapp',
      state: 'off',
      since: '2026-11-23T05:00:00Z',
      detail: 'disconnected',
    });
  });

  it('has its queue purged, and says how much that was', async () => {
    expect(await must('POST', '/channels/whatsapp/purge-queue')).toEqual({ purged: 3 });
  });

  it('that is not set up is refused, and so is one that nobody knows', async () => {
    const off = await call('POST', '/channels/voice/purge-queue');
    expect([off.status, off.json['code']]).toEqual([422, 'channelOff']);
    const unknown = await call('POST', '/channels/pigeon/connect');
    expect([unknown.status, unknown.json['code']]).toEqual([400, 'invalid']);
  });
});

describe('A link for a patient’s Telegram', () => {
  it('is shown once, good for seven days and one use, and kept as a hash', async () => {
    const answer = await call('POST', '/patients/jane/links', { channel: 'telegram' });
    const { token } = answer.json;
    expect([answer.status, answer.json]).toEqual([
      201,
      { url: `https://t.me/clinic_bot?start=${String(token)}`, token, expiresAt: '2026-11-30T05:00:00Z' },
    ]);
    const used = await stores.linkTokens.use(hash(token), chat, clock.now());
    const byOther = await stores.linkTokens.use(hash(token), { ...chat, address: '888' }, clock.now());
    expect([used, byOther]).toEqual([
      { kind: 'patient', subject: 'jane', expiresAt: new Date('2026-11-30T05:00:00Z') },
      null,
    ]);
  });

  it('is refused for nobody and for another channel', async () => {
    const nobody = await call('POST', '/patients/ghost/links', { channel: 'telegram' });
    const sms = await call('POST', '/patients/jane/links', { channel: 'sms' });
    expect([nobody.status, sms.status]).toEqual([404, 400]);
  });
});

describe('Staff', () => {
  it('are added with a link, listed with the time of linking, and taken away at once', async () => {
    const added = await call('POST', '/staff', { name: 'Nino', role: 'manager', branches: ['hill'], doctor: 'd1' });
    const { id, token } = added.json as { id: string; token: string };
    const before = await must('GET', '/staff');
    await stores.staff.link(id, chat, clock.now());
    const after = await must('GET', '/staff');
    const removed = await call('DELETE', `/staff/${id}`);
    const again = await call('DELETE', `/staff/${id}`);
    const member = {
      id,
      name: 'Nino',
      role: 'manager',
      branches: ['hill'],
      doctor: 'd1',
      createdAt: '2026-11-23T05:00:00Z',
    };
    expect([added.status, added.json]).toEqual([
      201,
      { id, token, url: `https://t.me/clinic_bot?start=${token}`, expiresAt: '2026-11-30T05:00:00Z' },
    ]);
    expect([before['items'], after['items']]).toEqual([[member], [{ ...member, linkedAt: '2026-11-23T05:00:00Z' }]]);
    expect([removed.status, again.status, await stores.staff.byChat(chat)]).toEqual([204, 404, null]);
  });

  it('who leave are told nothing more, not even what waited for their chat', async () => {
    const { id } = (await must('POST', '/staff', { name: 'Nino', role: 'reception' })) as { id: string };
    const left = { channel: 'telegram', address: '778' } as const;
    await stores.staff.link(id, left, clock.now());
    const row = { kind: 'staff', patient: null, branch: 'hill', dueAt: clock.now(), locale: 'en' } as const;
    const [own, other, alert] = await stores.outbox.plan(
      [
        { ...row, key: 'note-1', channel: left.channel, to: left.address },
        { ...row, key: 'note-2', channel: 'telegram', to: '779' },
        { ...row, key: 'alert-1', kind: 'alert', channel: left.channel, to: left.address },
      ],
      clock.now(),
    );
    expect((await call('DELETE', `/staff/${id}`)).status).toBe(204);
    const states = await Promise.all([own, other, alert].map(async (one) => stores.outbox.get(one?.id ?? '')));
    expect(states.map((one) => [one?.state, one?.lookAt === null])).toEqual([
      ['cancelled', true],
      ['planned', false],
      ['planned', false],
    ]);
  });

  it('are refused with an unknown role, branch or doctor', async () => {
    const role = await call('POST', '/staff', { name: 'X', role: 'king' });
    const branch = await call('POST', '/staff', { name: 'X', role: 'viewer', branches: ['ghost'] });
    const doctor = await call('POST', '/staff', { name: 'X', role: 'doctor', doctor: 'ghost' });
    expect([role, branch, doctor].map(({ status, json }) => [status, json['code']])).toEqual([
      [400, 'invalid'],
      [422, 'unknownReference'],
      [422, 'unknownReference'],
    ]);
  });
});

describe('What a person may ask for', () => {
  it('is all that is kept, then its end', async () => {
    await must('PUT', '/appointments/v1', bodies.appointment());
    await stores.identities.sawInbound({ channel: 'whatsapp', address: '+995555123456' }, ['jane'], clock.now());
    await stores.inbound.store({
      id: 'in1',
      from: { channel: 'whatsapp', address: '+995555123456' },
      at: clock.now(),
      body: { kind: 'text', text: 'my secret words' },
    });
    const kept = await call('GET', '/patients/jane/export');
    const erased = await call('DELETE', '/patients/jane/personal-data');
    const left = await call('GET', '/patients/jane/export');
    expect([kept.status, Object.keys(kept.json).sort()]).toEqual([
      200,
      ['appointments', 'chats', 'conversations', 'messages', 'patient', 'surveys'],
    ]);
    expect(kept.json['chats']).toEqual([
      {
        channel: 'whatsapp',
        address: '+995555123456',
        written: [{ at: '2026-11-23T05:00:00Z', kind: 'text', text: 'my secret words' }],
      },
    ]);
    expect([erased.status, erased.json]).toEqual([
      200,
      { patient: 'jane', erasedAt: '2026-11-23T05:00:00Z', by: 'owner' },
    ]);
    expect(left.text).not.toMatch(/secret words|5123456|Smith/);
    expect((left.json['appointments'] as unknown[]).length).toBe(1);
  });

  it('is 404 for nobody', async () => {
    const gone = await call('DELETE', '/patients/ghost/personal-data');
    const none = await call('GET', '/patients/ghost/export');
    expect([gone.status, none.status]).toEqual([404, 404]);
  });
});
