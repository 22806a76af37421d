import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '../../src/core/message.ts';
import { outboxContract } from '../contracts/outbox.ts';
import { buildMessage, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { outbox, simulator } = stores;

outboxContract({
  name: 'The stored outbox',
  create: async () => {
    await simulator.reset();
    return outbox;
  },
});

const TUESDAY = new Date('2026-11-24T05:00:00Z');

async function sent(overrides: Partial<Message>, planned: Parameters<typeof buildMessage>[0] = {}): Promise<Message> {
  const [row] = await outbox.plan([buildMessage(planned)], MONDAY);
  if (row === undefined) throw new Error('nothing was planned');
  const state = overrides.state ?? 'sent';
  const timeline = [...row.timeline, { status: state === 'expired' ? 'skipped' : state, at: MONDAY } as const];
  const saved = await outbox.save(row, {
    ...row,
    state,
    sentAt: MONDAY,
    channel: 'sms',
    to: '+79161234567',
    lookAt: null,
    timeline: timeline as Message['timeline'],
    ...overrides,
  });
  if (saved === null) throw new Error('lost');
  return saved;
}

describe('Looking messages up', () => {
  beforeEach(() => simulator.reset());

  it('finds the rows of a subject, newest first', async () => {
    await outbox.plan([buildMessage({ key: 'a' })], MONDAY);
    await outbox.plan([buildMessage({ key: 'b' })], TUESDAY);
    await outbox.plan([buildMessage({ key: 'p', subject: { patient: 'visit' } })], MONDAY);
    expect((await outbox.ofSubject({ appointment: 'visit' })).map(({ key }) => key)).toEqual(['b', 'a']);
  });

  it('finds the rows of a scenario of several appointments by their subjects', async () => {
    await outbox.plan(
      [
        buildMessage({ key: 'a', subject: { appointment: 'a' } }),
        buildMessage({ key: 'b', subject: { appointment: 'b' } }),
        buildMessage({ key: 's', scenario: 'survey', subject: { appointment: 'a' } }),
      ],
      MONDAY,
    );
    const keys = (await outbox.ofAppointments('reminder', ['a', 'b', 'c'])).map(({ key }) => key);
    expect(keys.toSorted()).toEqual(['a', 'b']);
  });

  it('lists under an appointment also the message that speaks for it', async () => {
    const row = await sent({ also: ['other'] });
    expect((await outbox.list({ appointment: 'other' }, { limit: 5 })).items.map(({ id }) => id)).toEqual([row.id]);
  });

  it('lists an expired row as skipped and a claimed one as queued', async () => {
    await sent({ state: 'expired' }, { key: 'e' });
    await outbox.plan([buildMessage({ key: 'c' })], MONDAY);
    await outbox.claim({ now: MONDAY, wallMs: 1, owner: 'o', leaseMs: 10, limit: 5 });
    const keysOf = async (status: 'skipped' | 'queued') =>
      (await outbox.list({ status }, { limit: 5 })).items.map(({ key }) => key);
    expect([await keysOf('skipped'), await keysOf('queued')]).toEqual([['e'], ['c']]);
  });

  it('lists by the moment that a message is due', async () => {
    await outbox.plan([buildMessage({ key: 'a' }), buildMessage({ key: 'b', dueAt: TUESDAY })], MONDAY);
    const due = await outbox.list({ from: MONDAY, to: TUESDAY }, { limit: 5 });
    expect(due.items.map(({ key }) => key)).toEqual(['a']);
  });

  it('lists each message once while new ones are added', async () => {
    await outbox.plan(
      [1, 2, 3].map((n) => buildMessage({ key: `k${n}` })),
      MONDAY,
    );
    const first = await outbox.list({}, { limit: 2 });
    await outbox.plan([buildMessage({ key: 'k4' })], MONDAY);
    const second = await outbox.list({}, { limit: 2, cursor: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(['k3', 'k2', 'k1']);
    expect(second.next).toBeNull();
  });

  it('finds what was handed to a chat, the newest first, and nothing that only was to be', async () => {
    const early = await sent({ sentAt: MONDAY }, { key: 'a' });
    const late = await sent({ sentAt: TUESDAY, state: 'read' }, { key: 'b' });
    await sent({ state: 'failed' }, { key: 'c' });
    expect((await outbox.ofChat('sms', '+79161234567', 5)).map(({ id }) => id)).toEqual([late.id, early.id]);
  });

  it('knows when a patient last had a warming message', async () => {
    await sent({ sentAt: MONDAY }, { key: 'a' });
    await sent({ sentAt: TUESDAY }, { key: 'b', scenario: 'birthday', subject: { patient: 'maria' } });
    expect(await outbox.warmedAt('maria')).toEqual(MONDAY);
    expect(await outbox.warmedAt('ivan')).toBeNull();
  });

  it('pages through the unsent rows of a scenario by id', async () => {
    const rows = await outbox.plan(
      ['a', 'b', 'c'].map((key) => buildMessage({ key, branch: key === 'b' ? 'south' : 'north' })),
      MONDAY,
    );
    const ids = rows.map(({ id }) => id);
    expect((await outbox.unsent('reminder', null, null, 2)).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await outbox.unsent('reminder', 'north', ids[0] ?? '', 2)).map(({ id }) => id)).toEqual([ids[2]]);
  });

  it('brings the look of rows that wait for a reason forward', async () => {
    const [row] = await outbox.plan([buildMessage({ lookAt: TUESDAY })], MONDAY);
    if (row === undefined) throw new Error('nothing was planned');
    await outbox.save(row, { ...row, waiting: 'noFunds' });
    await outbox.wake('noFunds', MONDAY, 'south');
    expect(await outbox.nextLookAt(['scenario'])).toEqual(TUESDAY);
    await outbox.wake('noFunds', MONDAY, 'north');
    expect(await outbox.nextLookAt(['scenario'])).toEqual(MONDAY);
  });
});

describe('Figures of a scenario', () => {
  beforeEach(() => simulator.reset());

  it('count what was sent, delivered, read, failed and skipped', async () => {
    await sent({ state: 'sent' }, { key: 'a' });
    await sent({ state: 'delivered' }, { key: 'b' });
    await sent({ state: 'read', branch: 'south' }, { key: 'c', branch: 'south' });
    await sent({ state: 'failed' }, { key: 'd' });
    await sent({ state: 'skipped', reason: 'status' }, { key: 'e' });
    await sent({ state: 'expired' }, { key: 'f' });
    expect(await outbox.counts('reminder', 'north', MONDAY)).toEqual({
      sent: 2,
      delivered: 1,
      read: 0,
      failed: 1,
      skipped: { status: 1, tooLate: 1 },
    });
    expect(await outbox.counts('reminder', null, MONDAY)).toMatchObject({ sent: 3, delivered: 2, read: 1 });
    expect(await outbox.counts('reminder', null, TUESDAY)).toMatchObject({ sent: 0, failed: 0, skipped: {} });
  });

  it('count what is due in a span, sent or planned', async () => {
    await sent({}, { key: 'a' });
    await outbox.plan([buildMessage({ key: 'b' }), buildMessage({ key: 'c', dueAt: TUESDAY })], MONDAY);
    const day = { from: MONDAY, to: TUESDAY };
    expect(await outbox.countDue('reminder', 'north', day, 'sent')).toBe(1);
    expect(await outbox.countDue('reminder', null, day, 'planned')).toBe(1);
    expect(await outbox.countDue('reminder', 'south', day, 'planned')).toBe(0);
  });

  it('name the subjects of what was sent', async () => {
    const row = await sent({ also: ['other'] });
    expect(await outbox.sentSubjects('reminder', 'north', MONDAY, 5)).toEqual([
      { message: row.id, appointments: ['visit', 'other'], patient: 'maria', conversation: null, sentAt: MONDAY },
    ]);
    expect(await outbox.sentSubjects('reminder', 'north', TUESDAY, 5)).toEqual([]);
  });
});
