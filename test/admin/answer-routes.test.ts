import { describe, expect, it } from '@jest/globals';
import type { Conversation } from '../../src/core/conversation.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, ports, stores, clock } = admin;
await putClinic(admin);
await must(
  'PUT',
  '/branches/rome',
  bodies.branch({ timezone: 'Europe/Rome', country: 'IT', currency: 'EUR', locale: 'it' }),
);

const at = { channel: 'whatsapp', address: '+995555123456' } as const;

async function score(id: string, value: number, branch = 'hill', answeredAt = '2026-11-23T05:00:00Z'): Promise<void> {
  await stores.surveys.score({
    id,
    patient: 'jane',
    appointment: `visit-${id}`,
    doctor: 'd1',
    branch,
    services: ['clean'],
    score: value,
    answeredAt: new Date(answeredAt),
    conversation: `talk-${id}`,
  });
}
await score('s1', 2);
await score('s2', 5, 'hill', '2026-11-30T20:30:00Z');
await score('s3', 4, 'rome', '2026-11-30T22:30:00Z');
await stores.surveys.comment('s1', 'Long wait');

function buildConversation(overrides: Partial<Conversation>): Conversation {
  return {
    id: 'c1',
    at,
    patient: 'jane',
    branch: 'hill',
    locale: 'en',
    machine: 'confirmation',
    version: 1,
    snapshot: {},
    state: 'asked',
    status: 'open',
    appointments: ['v1'],
    choices: [],
    messages: [],
    openedAt: clock.now(),
    changedAt: clock.now(),
    wakeAt: null,
    pending: [],
    heard: [],
    rev: 0,
    ...overrides,
  };
}

describe('Surveys', () => {
  it('are listed newest first, with all their fields', async () => {
    const { items } = await must('GET', '/surveys?patient=jane&branch=hill&doctor=d1');
    expect(items).toEqual([
      {
        id: 's2',
        patient: 'jane',
        appointment: 'visit-s2',
        doctor: 'd1',
        branch: 'hill',
        score: 5,
        contactRequested: false,
        answeredAt: '2026-12-01T00:30:00+04:00',
      },
      {
        id: 's1',
        patient: 'jane',
        appointment: 'visit-s1',
        doctor: 'd1',
        branch: 'hill',
        score: 2,
        comment: 'Long wait',
        contactRequested: false,
        answeredAt: '2026-11-23T09:00:00+04:00',
      },
    ]);
  });

  it('are taken care of by whoever is first', async () => {
    const first = await must('POST', '/surveys/s1/taken-care-of');
    clock.advance(60_000);
    const second = await must('POST', '/surveys/s1/taken-care-of');
    const nobody = await call('POST', '/surveys/ghost/taken-care-of');
    expect([first['takenCareOf'], second['takenCareOf'], nobody.status]).toEqual([
      { by: 'owner', at: '2026-11-23T09:00:00+04:00' },
      { by: 'owner', at: '2026-11-23T09:00:00+04:00' },
      404,
    ]);
  });

  it('are summed up by branch, doctor, service and the month of the branch', async () => {
    const groups = async (groupBy: string) =>
      ((await must('GET', `/surveys/summary?groupBy=${groupBy}`))['groups'] as { key: string; answers: number }[])
        .map(({ key, answers }) => [key, answers])
        .sort();
    expect(await groups('branch')).toEqual([
      ['hill', 2],
      ['rome', 1],
    ]);
    expect(await groups('doctor')).toEqual([['d1', 3]]);
    expect(await groups('service')).toEqual([['clean', 3]]);
    expect(await groups('month')).toEqual([
      ['2026-11', 2],
      ['2026-12', 1],
    ]);
    expect((await must('GET', '/surveys/summary?branch=hill'))['groups']).toEqual([
      { key: 'hill', answers: 2, average: 3.5, scores: { 1: 0, 2: 1, 3: 0, 4: 0, 5: 1 } },
    ]);
    expect((await call('GET', '/surveys/summary?groupBy=moon')).status).toBe(400);
  });
});

describe('Conversations', () => {
  it('are listed and filtered', async () => {
    await stores.conversations.open(buildConversation({ id: 'c1', status: 'closed', outcome: 'confirmed' }));
    await stores.conversations.open(
      buildConversation({
        id: 'c2',
        machine: 'inbox',
        status: 'handedOver',
        openedAt: new Date('2026-11-23T05:01:00Z'),
      }),
    );
    const { items } = await must('GET', '/conversations?patient=jane&branch=hill&status=closed');
    expect(items).toEqual([
      {
        id: 'c1',
        patient: 'jane',
        branch: 'hill',
        channel: 'whatsapp',
        address: '+995555123456',
        machine: 'confirmation',
        state: 'asked',
        status: 'closed',
        outcome: 'confirmed',
        openedAt: '2026-11-23T09:01:00+04:00',
        changedAt: '2026-11-23T09:01:00+04:00',
      },
    ]);
    expect(((await must('GET', '/conversations'))['items'] as { id: string }[]).map(({ id }) => id)).toEqual([
      'c2',
      'c1',
    ]);
    expect((await call('GET', '/conversations?status=lost')).status).toBe(400);
  });

  it('show all that was said in them, by either side, in order', async () => {
    const say = async (id: string, second: number, text: string) =>
      stores.inbound.store({
        id,
        from: at,
        at: new Date(`2026-11-23T05:02:0${second}Z`),
        body: { kind: 'text', text },
      });
    await say('before', 0, 'heard elsewhere');
    await say('in1', 1, 'I need a person');
    const [row] = await stores.outbox.plan(
      [
        {
          key: 'r1',
          kind: 'reply',
          patient: 'jane',
          branch: 'hill',
          dueAt: new Date('2026-11-23T05:02:03Z'),
          conversation: 'c3',
        },
      ],
      clock.now(),
    );
    if (row === undefined) throw new Error('not planned');
    const sentAt = new Date('2026-11-23T05:02:03Z');
    await stores.outbox.save(row, { ...row, state: 'sent', text: 'A colleague will answer.', sentAt });
    await say('in2', 5, 'thanks');
    await stores.conversations.open(
      buildConversation({
        id: 'c3',
        machine: 'inbox',
        status: 'handedOver',
        openedAt: new Date('2026-11-23T05:02:01Z'),
        heard: ['in1'],
      }),
    );
    const { messages, machine } = await must('GET', '/conversations/c3');
    expect([machine, messages]).toEqual([
      'inbox',
      [
        { id: 'in1', from: 'patient', at: '2026-11-23T09:02:01+04:00', text: 'I need a person' },
        { id: row.id, from: 'bot', at: '2026-11-23T09:02:03+04:00', text: 'A colleague will answer.', status: 'sent' },
        { id: 'in2', from: 'patient', at: '2026-11-23T09:02:05+04:00', text: 'thanks' },
      ],
    ]);
    expect((await call('GET', '/conversations/ghost')).status).toBe(404);
  });

  it('tell what was said in one moment of a standing clock in its order', async () => {
    const at = new Date('2026-11-23T05:02:00Z');
    const from = { channel: 'whatsapp' as const, address: '+995555000009' };
    const row = { kind: 'reply' as const, patient: 'jane', branch: 'hill', dueAt: at, conversation: 'c4' };
    const said = await stores.outbox.plan(
      [
        { ...row, key: 's1' },
        { ...row, key: 's2' },
      ],
      at,
    );
    await stores.inbound.store({ id: 'a', from, at, body: { kind: 'text', text: 'hello' } });
    await stores.conversations.open(
      buildConversation({ id: 'c4', machine: 'inbox', at: from, openedAt: at, heard: ['a'] }),
    );
    const { messages } = (await must('GET', '/conversations/c4')) as { messages: { id: string }[] };
    expect(messages.map(({ id }) => id)).toEqual(['a', ...said.map(({ id }) => id)]);
  });

  it('name who of the staff answered, and leave out what staff were told', async () => {
    const at = new Date('2026-11-23T05:02:00Z');
    const to = { channel: 'whatsapp' as const, to: '+995555000008', locale: 'en' as const };
    const row = { patient: 'jane', branch: 'hill', dueAt: at, conversation: 'c5', ...to };
    const content = { key: 'conversations.staffWords', values: { text: 'Come at ten', by: 'Nino' } };
    const told = { key: 'conversations.staffRoom.said', values: { name: 'Jane', words: 'when?' } };
    const [answer] = await stores.outbox.plan(
      [
        { ...row, key: 'a5', kind: 'reply', content },
        { ...row, key: 't5', kind: 'staff', content: told, channel: 'telegram', to: '-100#jane' },
        { ...row, key: 'l5', kind: 'alert', content: told, channel: 'telegram', to: '77' },
      ],
      at,
    );
    const from = { channel: to.channel, address: to.to };
    await stores.conversations.open(buildConversation({ id: 'c5', machine: 'inbox', at: from, openedAt: at }));
    const { messages } = await must('GET', '/conversations/c5');
    expect(messages).toEqual([
      { id: answer?.id, from: 'bot', at: '2026-11-23T09:02:00+04:00', text: null, status: 'planned', by: 'Nino' },
    ]);
  });

  it('take an answer of staff, and go back to the bot', async () => {
    const asked: unknown[] = [];
    ports.inbox.answer = async (...args) => {
      asked.push(args);
      return args[0] === 'c3' ? buildConversation({ id: 'c3', status: 'handedOver' }) : null;
    };
    ports.inbox.returnToBot = async (id) => (id === 'c3' ? buildConversation({ id: 'c3', status: 'closed' }) : null);
    const answered = await call('POST', '/conversations/c3/messages', { text: 'Good day,\nhow can I help?' });
    const back = await call('POST', '/conversations/c3/return-to-bot');
    const ghost = await call('POST', '/conversations/ghost/messages', { text: 'x' });
    const ghostBack = await call('POST', '/conversations/ghost/return-to-bot');
    const empty = await call('POST', '/conversations/c3/messages', { text: ' ' });
    expect([answered, back, ghost, ghostBack, empty].map(({ status, json }) => [status, json['status']])).toEqual([
      [201, 'handedOver'],
      [200, 'closed'],
      [404, undefined],
      [404, undefined],
      [400, undefined],
    ]);
    expect(asked[0]).toEqual(['c3', 'Good day,\nhow can I help?', 'owner']);
  });
});

describe('Tasks', () => {
  it('are listed in the reader’s words, done and not', async () => {
    await stores.tasks.add({
      id: 't1',
      kind: 'callMe',
      patient: 'jane',
      branch: 'rome',
      content: { key: 'admin.commands.whichBranch', values: {} },
      createdAt: new Date('2026-11-23T05:00:00Z'),
    });
    const task = {
      id: 't1',
      kind: 'callMe',
      patient: 'jane',
      branch: 'rome',
      text: 'Quale sede?',
      createdAt: '2026-11-23T06:00:00+01:00',
      done: false,
    };
    const open = await must('GET', '/tasks?done=false&branch=rome');
    const english = await must('GET', '/tasks', undefined, { 'accept-language': 'en' });
    const done = await must('PATCH', '/tasks/t1', { done: true });
    const none = await must('GET', '/tasks?done=false');
    expect([open['items'], (english['items'] as { text: string }[])[0]?.text, done, none['items']]).toEqual([
      [task],
      'Which branch?',
      { ...task, done: true },
      [],
    ]);
  });

  it('are 404 where there is none, and done is yes or no', async () => {
    const ghost = await call('PATCH', '/tasks/ghost', { done: true });
    const word = await call('PATCH', '/tasks/t1', { done: 'yes' });
    expect([ghost.status, word.status]).toEqual([404, 400]);
  });
});
