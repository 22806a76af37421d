import { beforeEach, describe, expect, it } from '@jest/globals';
import { createNewId } from '../../src/system.ts';
import { gate } from '../support/gate.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { type TelegramBench, telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores({ newId: createNewId() });
const DAY = [{ id: 'confirm', title: 'Приду' }];

beforeEach(() => stores.simulator.reset());

const person = { id: 700, is_bot: false, first_name: 'Dana' };
const tapOf = (data: string, chat = 700) => ({
  callback_query: {
    id: `tap-${data}`,
    from: { ...person, id: chat },
    message: { message_id: 1, date: 0, chat: { id: chat, type: 'private' } },
    chat_instance: '1',
    data,
  },
});

describe.each(['polling', 'webhook'] as const)('What a patient does in Telegram, by %s,', (mode) => {
  const open = (): Promise<TelegramBench> => telegramBench(stores, { mode });

  it('is received with the chat’s id as address', async () => {
    const { server, received, start } = await open();
    await start();
    await server.users.say(700, 'Здравствуйте');
    expect(received).toEqual([
      {
        id: 'u42.700000001',
        from: { channel: 'telegram', address: '700' },
        at: new Date('2026-03-02T09:00:00Z'),
        body: { kind: 'text', text: 'Здравствуйте' },
      },
    ]);
  });

  it('is confirmed to Telegram only when it is durable', async () => {
    const { server, events, start } = await open();
    const stored = gate();
    const asked = gate();
    events.received = async () => {
      asked.open();
      await stored.opened;
    };
    await start();
    const said = server.users.say(700, 'да');
    await asked.opened;
    expect([server.pending(), server.deliveries]).toEqual([1, []]);
    stored.open();
    await said;
    expect(server.pending()).toBe(0);
  });

  it('comes again until it could be stored', async () => {
    const { server, events, received, start } = await open();
    let failures = 2;
    events.received = async (message) => {
      failures -= 1;
      if (failures >= 0) throw new Error('The database is away.');
      received.push(message);
    };
    await start();
    await server.users.say(700, 'да');
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'text', text: 'да' }]);
    if (mode === 'webhook') expect(server.deliveries.map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it('while we were down comes when we are back', async () => {
    const { server, received, start, channel } = await open();
    await start();
    await channel.stop();
    const said = [server.users.say(700, 'первое'), server.users.say(700, 'второе')];
    await start();
    await Promise.all(said);
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'первое' },
      { kind: 'text', text: 'второе' },
    ]);
  });

  it('keeps its order within a chat, while other chats go on', async () => {
    const { server, events, start } = await open();
    const slow = gate();
    const other = gate();
    const order: string[] = [];
    events.received = async ({ from, body }) => {
      if (body.kind === 'text' && body.text === 'A1') await slow.opened;
      order.push(body.kind === 'text' ? body.text : '');
      if (from.address === '701') other.open();
    };
    const said = [server.users.say(700, 'A1'), server.users.say(700, 'A2'), server.users.say(701, 'B1')];
    await start();
    await other.opened;
    expect(order).toEqual(['B1']);
    slow.open();
    await Promise.all(said);
    expect(order).toEqual(['B1', 'A1', 'A2']);
  });

  it('lets a button go at once, though the chat’s earlier message is still being stored', async () => {
    const { server, events, start } = await open();
    const slow = gate();
    const answered = server.called('answerCallbackQuery');
    events.received = () => slow.opened;
    const acts = [server.users.say(700, 'да'), server.users.push(tapOf('anything'))];
    await start();
    expect((await answered).params).toEqual({ callback_query_id: 'tap-anything' });
    expect(server.pending()).toBe(2);
    slow.open();
    await Promise.all(acts);
  });

  it('is not held up by Telegram refusing to let a button go', async () => {
    const { server, received, start } = await open();
    server.fault('answerCallbackQuery', { kind: 'error', code: 400, description: 'Bad Request: query is too old' });
    await start();
    await server.users.push(tapOf('anything'));
    expect(received).toHaveLength(1);
  });

  it('on a button is the choice of that message, in the chat that it went to and in no other', async () => {
    const { server, channel, received, start, stored } = await open();
    const message = await stored({ to: '700', choices: DAY });
    await start();
    await server.users.push(tapOf(`${message}.0`));
    await server.users.push(tapOf(`${message}.0`, 701));
    await server.users.push(tapOf(`${message}.7`));
    await server.users.push(tapOf('{"evil":true}'));
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'choice', choice: 'confirm', message },
      { kind: 'choice', choice: 'unknown' },
      { kind: 'choice', choice: 'unknown' },
      { kind: 'choice', choice: 'unknown' },
    ]);
    await channel.stop();
    expect(server.answeredTaps).toHaveLength(4);
  });

  it('on a button is understood even before the answer to our own send has come', async () => {
    const { server, channel, received, start, stored } = await open();
    const messageId = await stored({ to: '700', choices: DAY, state: 'sending' });
    await start();
    server.users.meet(700);
    server.fault('sendMessage', { kind: 'cutMid', taken: true });
    const text = { key: 'k', locale: 'ru' as const, text: 'Придёте?', choices: DAY };
    const sending = channel.send(outgoing({ to: '700', messageId, text }));
    const { message } = await server.sent(({ chat }) => chat === 700);
    await server.users.tap(700, message, 'Приду');
    expect((await sending).kind).toBe('unknown');
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'choice', choice: 'confirm', message: messageId }]);
  });

  it('to a button under a message that we sent finds the way back', async () => {
    const { server, channel, received, start, stored } = await open();
    const messageId = await stored({ to: '700', choices: DAY });
    await start();
    server.users.meet(700);
    const text = { key: 'k', locale: 'ru' as const, text: 'Придёте?', choices: DAY };
    await channel.send(outgoing({ to: '700', messageId, text }));
    const [sent] = server.messages;
    if (sent === undefined) throw new Error('Nothing was sent.');
    await server.users.tap(700, sent.message, 'Приду');
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'choice', choice: 'confirm', message: messageId }]);
  });

  it('as an answer to our message quotes it by our id', async () => {
    const { server, channel, received, start, stored } = await open();
    await start();
    server.users.meet(700);
    const answer = await channel.send(outgoing({ to: '700' }));
    const message = await stored({ to: '700', ...(answer.kind === 'sent' && { providerId: answer.providerId }) });
    const [sent] = server.messages;
    if (sent === undefined) throw new Error('Nothing was sent.');
    await server.users.reply(700, sent.message, 'да');
    await server.users.reply(700, { ...sent.message, message_id: 9999 }, 'нет');
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'да', quote: message },
      { kind: 'text', text: 'нет' },
    ]);
  });

  it('to share the number shows it as own only when it is, and the keyboard goes with the next message', async () => {
    const { server, channel, received, start } = await open();
    await start();
    server.users.meet(700);
    const share = [{ id: 'sharePhone', title: 'Поделиться номером', asks: 'contact' as const }];
    const text = (said: string, choices: typeof share = []) => ({
      key: 'k',
      locale: 'ru' as const,
      text: said,
      choices,
    });
    await channel.send(outgoing({ to: '700', text: text('Ваш номер?', share) }));
    await server.users.shareContact(700, '995555123456', 701);
    await server.users.shareContact(700, '995555123456');
    await channel.send(outgoing({ to: '700', text: text('Спасибо') }));
    await channel.send(outgoing({ to: '700', text: text('До встречи') }));
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'contact', phone: '+995555123456', own: false },
      { kind: 'contact', phone: '+995555123456', own: true },
    ]);
    expect(server.messages.map(({ params }) => params['reply_markup'])).toEqual([
      {
        keyboard: [[{ text: 'Поделиться номером', request_contact: true }]],
        one_time_keyboard: true,
        resize_keyboard: true,
      },
      { remove_keyboard: true },
      undefined,
    ]);
  });

  it('to share the number takes a keyboard away that was shown before a restart, too', async () => {
    const { server, channel, start } = await open();
    await start();
    await server.users.shareContact(700, '995555123456');
    await channel.send(outgoing({ to: '700' }));
    expect(server.messages[0]?.params['reply_markup']).toEqual({ remove_keyboard: true });
  });

  it('that blocks the bot closes the chat, and coming back says nothing', async () => {
    const { server, received, closed, start } = await open();
    await start();
    await server.users.block(700);
    await server.users.unblock(700);
    expect([closed, received]).toEqual([['700'], []]);
  });

  it('that came back and wrote is not closed by old news of its leaving, late or told again', async () => {
    const { server, events, start } = await open();
    const chat = { channel: 'telegram', address: '700' } as const;
    events.closed = (closed, at) => stores.identities.close(closed, at ?? new Date(0));
    events.received = ({ from }) => stores.identities.sawInbound(from, ['maria'], new Date('2026-03-02T09:00:10Z'));
    await start();
    const left = (id: number, at: string) =>
      server.users.push(
        {
          my_chat_member: {
            chat: { id: 700, type: 'private' },
            from: person,
            date: Date.parse(at) / 1000,
            new_chat_member: { status: 'kicked' },
          },
        },
        id,
      );
    await left(900_000_001, '2026-03-02T09:00:00Z');
    await server.users.say(700, 'Я снова здесь');
    await left(900_000_001, '2026-03-02T09:00:00Z');
    expect((await stores.identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([undefined]);
    await left(900_000_009, '2026-03-02T09:05:00Z');
    expect((await stores.identities.at(chat)).map(({ closedAt }) => closedAt)).toEqual([
      new Date('2026-03-02T09:05:00Z'),
    ]);
  });

  it('is of no use when it is an edit, a post, a bot’s or a shape that we do not know', async () => {
    const { server, received, start } = await open();
    await start();
    const message = { message_id: 5, date: 1, chat: { id: 700, type: 'private' }, from: person, text: 'нет' };
    await server.users.push({ edited_message: message });
    await server.users.push({ channel_post: { ...message, chat: { id: -9, type: 'channel' } } });
    await server.users.push({ message: { ...message, from: { ...person, is_bot: true } } });
    await server.users.push({ message: { ...message, chat: { id: -9, type: 'group' } } });
    await server.users.push({ message: null, callback_query: [] });
    await server.users.push({ inline_query: { id: '1', from: person, query: 'x' } });
    await server.users.push({});
    expect([received, server.pending()]).toEqual([[], 0]);
    expect(server.deliveries.every(({ status }) => status === 200)).toBe(true);
  });

  it('asks Telegram for the kinds that are read, and for no others', async () => {
    const { server, start } = await open();
    const asked = server.called(mode === 'webhook' ? 'setWebhook' : 'getUpdates');
    await start();
    expect((await asked).params['allowed_updates']).toEqual(['message', 'callback_query', 'my_chat_member']);
  });
});
