import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import type { Message, NewMessage } from '../../src/core/message.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, ports, stores, clock } = admin;
await putClinic(admin);

async function plan(row: Partial<NewMessage> & { key: string }, change: Partial<Message> = {}): Promise<Message> {
  const [planned] = await stores.outbox.plan(
    [
      {
        kind: 'scenario',
        scenario: 'details',
        subject: { appointment: 'v1' },
        patient: 'jane',
        branch: 'hill',
        dueAt: new Date('2026-11-23T06:00:00Z'),
        ...row,
      },
    ],
    clock.now(),
  );
  if (planned === undefined) throw new Error('not planned');
  const saved = await stores.outbox.save(planned, { ...planned, ...change });
  if (saved === null) throw new Error('not saved');
  return saved;
}

const sentAt = new Date('2026-11-23T06:00:05Z');
const sent = await plan(
  { key: 'sent' },
  {
    state: 'delivered',
    channel: 'whatsapp',
    to: '+995555123456',
    text: 'Jane, see you!',
    price: 100,
    currency: 'GEL',
    sentAt,
    also: ['v2'],
    attempts: [
      { id: 'a1', channel: 'whatsapp', to: '+995555123456', price: 100, at: sentAt, result: 'sent', providerId: 'p' },
    ],
    timeline: [
      { status: 'planned', at: clock.now() },
      { status: 'sent', at: sentAt, channel: 'whatsapp', detail: 'accepted' },
    ],
  },
);
const planned = await plan({ key: 'planned', scenario: 'confirmation', dueAt: new Date('2026-11-25T08:00:00Z') });
const held = await plan(
  { key: 'held', scenario: 'reminder', dueAt: new Date('2026-11-24T08:00:00Z') },
  { waiting: 'noFunds' },
);
const expired = await plan(
  { key: 'expired', scenario: 'survey', dueAt: new Date('2026-11-22T08:00:00Z') },
  { state: 'expired', lookAt: null },
);
const reply = await plan({ key: 'reply', kind: 'reply', channel: 'telegram', to: '123456789' });

const ids = (json: Readonly<Record<string, unknown>>) => (json['items'] as { id: string }[]).map(({ id }) => id);

describe('GET /messages', () => {
  it('shows a sent one with all its fields, the address masked', async () => {
    const { items } = await must('GET', '/messages?scenario=details');
    expect(items).toEqual([
      {
        id: sent.id,
        kind: 'scenario',
        scenario: 'details',
        subject: { appointment: 'v1' },
        also: ['v2'],
        patient: 'jane',
        branch: 'hill',
        channel: 'whatsapp',
        to: '+995***56',
        text: 'Jane, see you!',
        status: 'delivered',
        dueAt: '2026-11-23T10:00:00+04:00',
        timeline: [
          { status: 'planned', at: '2026-11-23T09:00:00+04:00' },
          { status: 'sent', at: '2026-11-23T10:00:05+04:00', channel: 'whatsapp', detail: 'accepted' },
        ],
        price: 100,
        currency: 'GEL',
        attempts: 1,
      },
    ]);
  });

  it('shows a planned one with the text, channel and price that it would have now', async () => {
    ports.lookAtPlanned = async ({ id }) =>
      id === planned.id ? { text: 'Coming?', channel: 'sms', to: '+995555123456', price: 800 } : null;
    const { items } = await must('GET', '/messages?status=planned&scenario=confirmation');
    expect(items).toMatchObject([
      {
        id: planned.id,
        status: 'planned',
        text: 'Coming?',
        channel: 'sms',
        to: '+995***56',
        price: 800,
        currency: 'GEL',
        attempts: 0,
      },
    ]);
  });

  it('shows what a planned one waits for, and an expired one as skipped for being too late', async () => {
    const waiting = await must('GET', '/messages?scenario=reminder');
    const late = await must('GET', '/messages?status=skipped');
    expect([waiting['items'], late['items']]).toMatchObject([
      [{ id: held.id, status: 'planned', reason: 'noFunds', text: null, channel: null, to: null }],
      [{ id: expired.id, status: 'skipped', reason: 'tooLate' }],
    ]);
  });

  it('lists scenario messages unless another kind is asked for, the newest first', async () => {
    expect(ids(await must('GET', '/messages'))).toEqual([expired.id, held.id, planned.id, sent.id]);
    expect(ids(await must('GET', '/messages?kind=reply'))).toEqual([reply.id]);
  });

  it('filters by branch, patient, appointment (also spoken for), channel and time', async () => {
    const asked = async (query: string) => ids(await must('GET', `/messages?${query}`));
    expect(await asked('branch=hill&patient=jane&channel=whatsapp')).toEqual([sent.id]);
    expect(await asked('appointment=v2')).toEqual([sent.id]);
    expect(await asked('from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z')).toEqual([held.id]);
    expect(await asked('patient=nobody')).toEqual([]);
  });

  it.each(['status=lost', 'kind=letter', 'scenario=horoscope', 'channel=pigeon', 'from=yesterday'])(
    'refuses %s',
    async (query) => {
      const [name] = query.split('=');
      const answer = await call('GET', `/messages?${query}`);
      expect([answer.status, (answer.json['details'] as { path: string }[])[0]?.path]).toEqual([400, name]);
    },
  );
});

describe('What staff do with a message', () => {
  it('resends a failed one under a new id, and nothing else', async () => {
    ports.desk.resend = async (id) => {
      if (id === sent.id) throw new AppError('conflict', 'It is delivered.');
      return id === expired.id ? planned : null;
    };
    const again = await call('POST', `/messages/${expired.id}/resend`);
    const conflict = await call('POST', `/messages/${sent.id}/resend`);
    const nobody = await call('POST', '/messages/nobody/resend');
    expect([again.status, again.json['id'], conflict.status, conflict.json['code'], nobody.status]).toEqual([
      201,
      planned.id,
      409,
      'conflict',
      404,
    ]);
  });

  it('resolves an unknown one as sent or failed', async () => {
    const asked: unknown[] = [];
    ports.desk.resolve = async (id, as) => {
      asked.push([id, as]);
      return id === sent.id ? sent : null;
    };
    const resolved = await call('POST', `/messages/${sent.id}/resolve`, { as: 'sent' });
    const nobody = await call('POST', '/messages/nobody/resolve', { as: 'failed' });
    const maybe = await call('POST', `/messages/${sent.id}/resolve`, { as: 'maybe' });
    const empty = await call('POST', `/messages/${sent.id}/resolve`);
    expect([resolved.status, resolved.json['status'], nobody.status, maybe.status, empty.status]).toEqual([
      200,
      'delivered',
      404,
      400,
      400,
    ]);
    expect(asked).toEqual([
      [sent.id, 'sent'],
      ['nobody', 'failed'],
    ]);
  });
});
