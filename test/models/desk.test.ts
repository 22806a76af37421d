import { beforeEach, describe, expect, it } from '@jest/globals';
import { MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { linkTokens, simulator, skips, staff, tasks } = stores;
const NOON = new Date('2026-11-23T09:00:00Z');
const chat = { channel: 'telegram', address: '4711' } as const;
const otherChat = { channel: 'telegram', address: '4712' } as const;

beforeEach(() => simulator.reset());

describe('Tasks', () => {
  const content = { key: 'conversations.task.callMe', values: { visit: 'visit' } };
  const task = { id: 't', kind: 'callMe', patient: 'maria', branch: 'north', content, createdAt: MONDAY } as const;

  it('are there once, open, and done when reception says so', async () => {
    await tasks.add(task);
    await tasks.add({ ...task, branch: 'south' });
    expect(await tasks.setDone('t', true)).toEqual({ ...task, done: true });
    expect(await tasks.setDone('unknown', true)).toBeNull();
  });

  it('are listed by branch and by what is left to do, the newest first', async () => {
    await tasks.add(task);
    await tasks.add({ ...task, id: 'u', createdAt: NOON });
    await tasks.add({ ...task, id: 'v', branch: 'south' });
    await tasks.setDone('t', true);
    const ids = async (query: Parameters<typeof tasks.list>[0]) =>
      (await tasks.list(query, { limit: 5 })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(['u', 'v', 't']);
    expect(await ids({ branch: 'north', done: false })).toEqual(['u']);
    expect(await ids({ done: true })).toEqual(['t']);
  });
});

describe('Skips', () => {
  const skip = { scenario: 'details', subject: { appointment: 'visit' }, patient: 'maria', branch: 'north' } as const;

  it('are kept by step, the newest look of each', async () => {
    await skips.record({ ...skip, reason: 'noFunds', at: MONDAY }, 'details|a:visit|1|0');
    await skips.record({ ...skip, reason: 'tooLate', at: NOON }, 'details|a:visit|1|0');
    await skips.record({ ...skip, scenario: 'greeting', reason: 'notFirst', at: MONDAY }, 'greeting|a:visit|1|0');
    expect(await skips.ofSubject({ appointment: 'visit' })).toEqual([
      { ...skip, reason: 'tooLate', at: NOON },
      { ...skip, scenario: 'greeting', reason: 'notFirst', at: MONDAY },
    ]);
    expect(await skips.ofSubject({ patient: 'visit' })).toEqual([]);
  });
});

describe('Staff', () => {
  const anna = { id: 'anna', name: 'Анна', role: 'manager', branches: ['north'], createdAt: MONDAY } as const;

  it('are found by the chat that they are linked to', async () => {
    await staff.add(anna);
    expect(await staff.byChat(chat)).toBeNull();
    await staff.link('anna', chat, NOON);
    expect(await staff.byChat(chat)).toEqual({ ...anna, chat, linkedAt: NOON });
    expect(await staff.get('anna')).toEqual({ ...anna, chat, linkedAt: NOON });
  });

  it('share no chat: the last one linked has it', async () => {
    await staff.add(anna);
    await staff.add({ ...anna, id: 'pavel' });
    await staff.link('anna', chat, MONDAY);
    await staff.link('pavel', chat, NOON);
    expect((await staff.byChat(chat))?.id).toBe('pavel');
    expect(await staff.get('anna')).not.toHaveProperty('linkedAt');
  });

  it('are unlinked at once when they are removed', async () => {
    await staff.add(anna);
    await staff.link('anna', chat, NOON);
    expect([await staff.remove('anna'), await staff.remove('anna')]).toEqual([true, false]);
    expect(await staff.byChat(chat)).toBeNull();
    await staff.link('anna', chat, NOON);
    expect((await staff.list({ limit: 5 })).items).toEqual([]);
  });
});

describe('A link token', () => {
  const token = { kind: 'patient', subject: 'maria', expiresAt: NOON } as const;

  it('is used by one chat, which may repeat itself', async () => {
    await linkTokens.add('hash', token);
    expect(await linkTokens.use('hash', chat, MONDAY)).toEqual(token);
    expect(await linkTokens.use('hash', chat, MONDAY)).toEqual(token);
    expect(await linkTokens.use('hash', otherChat, MONDAY)).toBeNull();
  });

  it('is used by one of many chats at the same moment', async () => {
    await linkTokens.add('hash', token);
    const used = await Promise.all(
      Array.from({ length: 10 }, (_, n) => linkTokens.use('hash', { channel: 'telegram', address: `${n}` }, MONDAY)),
    );
    expect(used.filter((one) => one !== null)).toHaveLength(1);
  });

  it('is good until it expires, and an unknown one never', async () => {
    await linkTokens.add('hash', token);
    expect(await linkTokens.use('hash', chat, NOON)).toBeNull();
    expect(await linkTokens.use('other', chat, MONDAY)).toBeNull();
  });
});
