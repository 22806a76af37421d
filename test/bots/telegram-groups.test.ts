import { beforeEach, describe, expect, it } from '@jest/globals';
import { tapToken } from '../../src/bots/taps.ts';
import { createNewId } from '../../src/system.ts';
import { type BotApiServer, startBotApiServer } from '../support/bot-api-server.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { callsOf } from '../support/telegram-acts.ts';
import { type TelegramBench, type TelegramBenchOptions, telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores({ newId: createNewId() });
const GROUP = -100_500;

beforeEach(() => stores.simulator.reset());

const open = async (
  kind: { forum: boolean; mayOpenTopics?: boolean },
  options: TelegramBenchOptions = {},
): Promise<TelegramBench> => {
  const bench = await telegramBench(stores, options);
  bench.server.chats.groups.set(GROUP, { mayOpenTopics: true, topics: new Map(), ...kind });
  await bench.start();
  return bench;
};
const say = ({ channel }: TelegramBench, key: string | null, said: string) => {
  const text = { key: 'k', locale: 'ru' as const, text: said, choices: [] };
  return channel.send(outgoing({ to: key === null ? String(GROUP) : `${GROUP}#${key}`, text }));
};
const topicsOf = (server: BotApiServer) => [...(server.chats.groups.get(GROUP)?.topics ?? [])];
const threads = ({ server }: TelegramBench) => server.messages.map(({ message }) => message.message_thread_id);

describe('A conversation in a group of staff with topics', () => {
  it('has a topic of its own, named after the first message', async () => {
    const bench = await open({ forum: true });
    await say(bench, 'p1', 'Мария П., Покровка\nПациент просит человека');
    await say(bench, 'p1', 'И ещё');
    await say(bench, 'p2', 'Олег');
    const [[first, named] = [], [second, other] = []] = topicsOf(bench.server);
    expect([named, other]).toEqual(['Мария П., Покровка', 'Олег']);
    expect(threads(bench)).toEqual([first, first, second]);
    expect(callsOf(bench, 'createForumTopic')).toBe(2);
  });

  it('keeps its topic over a restart, in both directions', async () => {
    const server = await startBotApiServer();
    const before = await open({ forum: true }, { server });
    await say(before, 'p1', 'Мария');
    await before.channel.stop();
    const [[thread] = []] = topicsOf(server);
    const topics = server.chats.groups.get(GROUP)?.topics ?? new Map<number, string>();
    const after = await telegramBench(stores, { server });
    await after.start();
    await say(after, 'p1', 'И ещё');
    await server.users.say(501, 'Пусть придёт в девять', { group: GROUP, thread: thread ?? 0 });
    expect(topics.size).toBe(1);
    expect(after.received).toEqual([
      expect.objectContaining({
        from: { channel: 'telegram', address: `${GROUP}#p1` },
        sender: '501',
        body: { kind: 'text', text: 'Пусть придёт в девять' },
      }),
    ]);
    await after.channel.stop();
    await server.close();
  });

  it('opens one topic for two first messages at once', async () => {
    const bench = await open({ forum: true });
    await Promise.all([say(bench, 'p1', 'Мария'), say(bench, 'p1', 'Мария')]);
    expect(topicsOf(bench.server)).toHaveLength(1);
    expect(bench.server.messages).toHaveLength(2);
  });

  it('gets another topic when somebody deleted its own', async () => {
    const bench = await open({ forum: true });
    await say(bench, 'p1', 'Мария');
    const [[gone] = []] = topicsOf(bench.server);
    bench.server.chats.groups.get(GROUP)?.topics.clear();
    expect((await say(bench, 'p1', 'Снова Мария')).kind).toBe('sent');
    const [[fresh] = []] = topicsOf(bench.server);
    expect(fresh).not.toBe(gone);
    expect(threads(bench)).toEqual([gone, fresh]);
    await bench.server.users.push({
      message: {
        message_id: 1,
        date: 1,
        chat: { id: GROUP, type: 'supergroup' },
        from: { id: 501, is_bot: false },
        message_thread_id: gone,
        text: 'в удалённой теме',
      },
    });
    expect(bench.received).toEqual([]);
  });

  it('says refused, and opens no topics for ever, where Telegram says again that it is gone', async () => {
    const bench = await open({ forum: true });
    const description = 'Bad Request: message thread not found';
    bench.server.fault('sendMessage', { kind: 'error', code: 400, description }, 5);
    expect(await say(bench, 'p1', 'Мария')).toEqual({ kind: 'refused', reason: 'rejected' });
    expect([callsOf(bench, 'createForumTopic'), callsOf(bench, 'sendMessage')]).toEqual([2, 2]);
  });

  it('comes to the whole group where the bot may not open topics', async () => {
    const bench = await open({ forum: true, mayOpenTopics: false });
    expect((await say(bench, 'p1', 'Мария')).kind).toBe('sent');
    expect(threads(bench)).toEqual([undefined]);
  });

  it('has sent nothing when no answer came about its topic, and is tried again alone', async () => {
    const bench = await open({ forum: true }, { answerMs: 300 });
    bench.server.fault('createForumTopic', { kind: 'silence', taken: true });
    expect(await say(bench, 'p1', 'Мария')).toEqual({
      kind: 'retry',
      afterMs: 5000,
      reason: 'noTopic',
      only: 'message',
    });
    bench.server.fault('getChat', { kind: 'error', code: 429, retryAfter: 3 });
    expect(await say(bench, 'p1', 'Мария')).toEqual({ kind: 'retry', afterMs: 3000, reason: 'rateLimited' });
    expect(bench.server.messages).toEqual([]);
  });

  it('hears nothing of other topics and of the rest of the group', async () => {
    const bench = await open({ forum: true });
    await say(bench, 'p1', 'Мария');
    bench.server.chats.groups.get(GROUP)?.topics.set(9999, 'Обед');
    await bench.server.users.say(501, 'пицца?', { group: GROUP, thread: 9999 });
    await bench.server.users.say(501, 'всем привет', { group: GROUP });
    expect(bench.received).toEqual([]);
  });

  it('takes a tap in its topic as the choice of that message, with who tapped', async () => {
    const bench = await open({ forum: true });
    const to = `${GROUP}#p1`;
    const choices = [{ id: 'back', title: 'Вернуть боту' }];
    const messageId = await bench.stored({ to, choices });
    const text = { key: 'k', locale: 'ru' as const, text: 'Мария', choices };
    await bench.channel.send(outgoing({ to, messageId, text }));
    const [sent] = bench.server.messages;
    if (sent === undefined) throw new Error('Nothing was sent.');
    await bench.server.users.tap(501, sent.message, 'Вернуть боту');
    expect(bench.received).toEqual([
      expect.objectContaining({
        from: { channel: 'telegram', address: to },
        sender: '501',
        body: { kind: 'choice', choice: 'back', message: messageId },
      }),
    ]);
  });
});

describe('A group of staff', () => {
  it('gets fewer than twenty messages a minute, in all its topics together', async () => {
    const { channel } = await open({ forum: true });
    const { of, eachMs = 0 } = channel.pace?.groups ?? {};
    expect([`${GROUP}#p1`, String(GROUP), '700', 'nonsense'].map((to) => of?.(to))).toEqual([
      '-100500',
      '-100500',
      null,
      null,
    ]);
    expect(60_000 / eachMs).toBeLessThan(20);
  });
});

describe('A conversation in a group of staff without topics', () => {
  it('is answered by a reply to what we wrote, and by nothing else', async () => {
    const bench = await open({ forum: false });
    const answer = await say(bench, 'p1', 'Мария просит человека');
    const to = `${GROUP}#p1`;
    const message = await bench.stored({ to, ...(answer.kind === 'sent' && { providerId: answer.providerId }) });
    const [sent] = bench.server.messages;
    if (sent === undefined) throw new Error('Nothing was sent.');
    await bench.server.users.reply(501, sent.message, 'Пусть придёт', { group: GROUP });
    await bench.server.users.reply(502, { ...sent.message, message_id: 9999 }, 'чужое', { group: GROUP });
    await bench.server.users.say(501, 'обед', { group: GROUP });
    expect(bench.received).toEqual([
      expect.objectContaining({
        from: { channel: 'telegram', address: to },
        sender: '501',
        body: { kind: 'text', text: 'Пусть придёт', quote: message },
      }),
    ]);
    expect(callsOf(bench, 'createForumTopic')).toBe(0);
  });

  it('takes a tap under an alert to the whole group as one in the group’s own chat', async () => {
    const bench = await open({ forum: false });
    const choices = [{ id: 'care.s1', title: 'Беру на себя' }];
    const messageId = await bench.stored({ to: String(GROUP), choices, providerId: `${GROUP}:77` });
    await bench.server.users.push({
      callback_query: {
        id: '1',
        from: { id: 501, is_bot: false },
        message: { message_id: 77, date: 0, chat: { id: GROUP, type: 'supergroup' } },
        chat_instance: '1',
        data: tapToken(messageId, 0),
      },
    });
    expect(bench.received).toMatchObject([
      { from: { address: String(GROUP) }, sender: '501', body: { kind: 'choice', choice: 'care.s1' } },
    ]);
  });
});

describe('A group of staff that becomes a supergroup', () => {
  const NEW = -1_001_000_000_500;
  const chats = ({ server }: TelegramBench): readonly number[] => server.messages.map(({ chat }) => chat);
  /** Sends that went to the old id, taken or not. */
  const triedOld = ({ server }: TelegramBench): number =>
    server.calls.filter(({ method, params }) => method === 'sendMessage' && params['chat_id'] === GROUP).length;

  it('is followed by the message that meets the move, in the same attempt, and by all after it', async () => {
    const bench = await open({ forum: false });
    expect((await say(bench, null, 'До переезда')).kind).toBe('sent');
    bench.server.chats.upgrade(GROUP, NEW, false);
    expect(await say(bench, null, 'Низкая оценка')).toEqual({
      kind: 'sent',
      providerId: expect.stringMatching(`^${NEW}:`),
    });
    expect(triedOld(bench)).toBe(2);
    expect((await say(bench, null, 'Ещё одна')).kind).toBe('sent');
    expect([chats(bench), triedOld(bench)]).toEqual([[GROUP, NEW, NEW], 2]);
  });

  it('is known after a restart, too', async () => {
    const server = await startBotApiServer();
    const before = await open({ forum: false }, { server });
    server.chats.upgrade(GROUP, NEW, true);
    await say(before, 'p1', 'Мария');
    await before.channel.stop();
    const after = await telegramBench(stores, { server });
    await after.start();
    const calls = server.calls.length;
    await say(after, 'p1', 'И ещё');
    expect(server.calls.slice(calls).filter(({ params }) => params['chat_id'] === GROUP)).toEqual([]);
    expect([chats(after), server.chats.groups.get(NEW)?.topics.size]).toEqual([[NEW, NEW], 1]);
    await after.channel.stop();
    await server.close();
  });

  it.each(['old', 'new'] as const)('is known from what Telegram tells in the %s group', async (where) => {
    const bench = await open({ forum: false });
    bench.server.chats.upgrade(GROUP, NEW, false);
    const message = { message_id: 1, date: 1, from: { id: 501, is_bot: false } };
    await bench.server.users.push({
      message:
        where === 'old'
          ? { ...message, chat: { id: GROUP, type: 'group' }, migrate_to_chat_id: NEW }
          : { ...message, chat: { id: NEW, type: 'supergroup' }, migrate_from_chat_id: GROUP },
    });
    expect((await say(bench, null, 'Низкая оценка')).kind).toBe('sent');
    expect([chats(bench), triedOld(bench), bench.received]).toEqual([[NEW], 0, []]);
  });

  it('goes on hearing staff as the group that the clinic has named, in its new topics', async () => {
    const bench = await open({ forum: false });
    await bench.server.users.upgrade(501, GROUP, NEW, { forum: true });
    await say(bench, 'p1', 'Мария П.');
    const [[thread, name] = [0, '']] = bench.server.chats.groups.get(NEW)?.topics ?? [];
    expect(name).toBe('Мария П.');
    await bench.server.users.say(501, 'Пусть придёт', { group: NEW, thread });
    expect(bench.received).toEqual([
      expect.objectContaining({
        from: { channel: 'telegram', address: `${GROUP}#p1` },
        sender: '501',
        body: { kind: 'text', text: 'Пусть придёт' },
      }),
    ]);
  });

  it('goes on hearing answers and taps where it has no topics', async () => {
    const bench = await open({ forum: false });
    await bench.server.users.upgrade(501, GROUP, NEW, { forum: false });
    const to = `${GROUP}#p1`;
    const choices = [{ id: 'back', title: 'Вернуть боту' }];
    const text = { key: 'k', locale: 'ru' as const, text: 'Мария просит человека', choices };
    const messageId = await bench.stored({ to, choices, providerId: `${NEW}:102` });
    await bench.channel.send(outgoing({ to, messageId, text }));
    const [sent] = bench.server.messages;
    if (sent === undefined) throw new Error('Nothing was sent.');
    await bench.server.users.reply(501, { ...sent.message, message_id: 102 }, 'Пусть придёт', { group: NEW });
    await bench.server.users.tap(501, { ...sent.message, message_id: 102 }, 'Вернуть боту');
    expect(bench.received).toMatchObject([
      { from: { address: to }, sender: '501', body: { kind: 'text', text: 'Пусть придёт', quote: messageId } },
      { from: { address: to }, sender: '501', body: { kind: 'choice', choice: 'back', message: messageId } },
    ]);
  });

  it('keeps its topics when the clinic names it by its new id, and is heard under that one from then on', async () => {
    const bench = await open({ forum: false });
    await bench.server.users.upgrade(501, GROUP, NEW, { forum: true });
    await say(bench, 'p1', 'Мария');
    const text = { key: 'k', locale: 'ru' as const, text: 'И ещё', choices: [] };
    await bench.channel.send(outgoing({ to: `${NEW}#p1`, text }));
    const topics = bench.server.chats.groups.get(NEW)?.topics ?? new Map<number, string>();
    const [thread = 0] = topics.keys();
    await bench.server.users.say(501, 'Пусть придёт', { group: NEW, thread });
    expect(topics.size).toBe(1);
    expect(bench.received).toMatchObject([{ from: { address: `${NEW}#p1` } }]);
  });
});
