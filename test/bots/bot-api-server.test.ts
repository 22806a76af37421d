import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Bot, GrammyError, HttpError, InlineKeyboard, InputFile, webhookCallback } from 'grammy';
import { type BotApiServer, startBotApiServer } from '../support/bot-api-server.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const open = async (): Promise<{ server: BotApiServer; bot: Bot }> => {
  const server = await startBotApiServer();
  const bot = new Bot(server.token, { client: { apiRoot: server.root } });
  bot.command('start', (ctx) =>
    ctx.reply('menu', { reply_markup: new InlineKeyboard().text('A', 'a').text('B', 'b') }),
  );
  bot.on('callback_query:data', async (ctx) => {
    await ctx.answerCallbackQuery();
    await ctx.editMessageText(`picked ${ctx.callbackQuery.data}`);
  });
  bot.on('message:text', (ctx) => ctx.reply(`echo ${ctx.msg.text}`));
  stops.push(() => server.close());
  return { server, bot };
};
const talk = async ({ users, sent, answeredTaps }: BotApiServer): Promise<void> => {
  await users.say(7, '/start');
  const menu = await sent(({ text }) => text === 'menu');
  await users.tap(7, menu.message, 'B');
  await users.say(7, 'hi');
  await sent(({ text }) => text === 'echo hi');
  expect(menu.message.text).toBe('picked b');
  expect(answeredTaps).toHaveLength(1);
};
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => (error instanceof GrammyError ? [error.error_code, error.parameters] : error),
  );

describe('The stand-in of the Bot API', () => {
  it('serves a plain grammY bot by long polling', async () => {
    const { server, bot } = await open();
    void bot.start();
    stops.unshift(() => bot.stop());
    await talk(server);
    expect(server.pending()).toBe(0);
  });

  it('serves a plain grammY bot by its webhook, and comes again when that failed', async () => {
    const { server, bot } = await open();
    const callback = webhookCallback(bot, 'http', { secretToken: 'the-secret' });
    let failures = 1;
    const door = createServer((request, response) => {
      failures -= 1;
      if (failures === 0) response.writeHead(500).end();
      else void callback(request, response);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    stops.unshift(async () => {
      door.closeAllConnections();
      door.close();
    });
    const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
    await bot.api.setWebhook(url, { secret_token: 'the-secret' });
    expect(await bot.api.getWebhookInfo()).toMatchObject({ url, pending_update_count: 0 });
    await talk(server);
    expect(server.deliveries.map(({ status }) => status)).toEqual([500, 200, 200, 200]);
  });

  it('refuses polls while a webhook is set, and ends the older of two', async () => {
    const { bot } = await open();
    await bot.api.setWebhook('http://127.0.0.1:9/');
    expect(await failure(bot.api.getUpdates())).toEqual([409, {}]);
    await bot.api.deleteWebhook();
    const older = failure(bot.api.getUpdates({ timeout: 30 }));
    await bot.api.getUpdates({ timeout: 0 });
    expect(await older).toEqual([409, {}]);
  });

  it('gives an update until the offset confirms it', async () => {
    const { server, bot } = await open();
    void server.users.say(7, 'one');
    const [first] = await bot.api.getUpdates();
    expect((await bot.api.getUpdates()).length).toBe(1);
    expect(await bot.api.getUpdates({ offset: (first?.update_id ?? 0) + 1 })).toEqual([]);
  });

  it('takes a document in multipart and gives it back', async () => {
    const { server, bot } = await open();
    server.users.meet(7);
    const file = new InputFile(Buffer.from('BEGIN:VCALENDAR'), 'визит.ics');
    const { document } = await bot.api.sendDocument(7, file, { caption: 'Ваш визит' });
    const { file_path: path } = await bot.api.getFile(document.file_id);
    const answer = await fetch(`${server.root}/file/bot${server.token}/${path}`);
    expect([document.file_name, await answer.text(), server.messages[0]?.text]).toEqual([
      'визит.ics',
      'BEGIN:VCALENDAR',
      'Ваш визит',
    ]);
  });

  it('takes twenty messages a minute to one group, and more elsewhere', async () => {
    const { server, bot } = await open();
    for (const group of [-100, -200])
      server.chats.groups.set(group, { forum: false, mayOpenTopics: false, topics: new Map() });
    for (let sent = 0; sent < 20; sent += 1) await bot.api.sendMessage(-100, 'hi');
    await bot.api.sendMessage(-200, 'hi');
    expect(await failure(bot.api.sendMessage(-100, 'one more'))).toEqual([429, { retry_after: 60 }]);
    expect(server.messages).toHaveLength(21);
  });

  it('keeps its limit of messages a second with 429, and knows what was called inside', async () => {
    const { server, bot } = await open();
    server.users.meet(7);
    const sends = Array.from({ length: 31 }, (_, at) => failure(bot.api.sendMessage(7, `m${at}`)));
    const answers = await Promise.all(sends);
    expect(answers.filter((answer) => answer === 'no failure')).toHaveLength(30);
    expect(answers.find((answer) => answer !== 'no failure')).toEqual([429, { retry_after: 1 }]);
    expect(await failure(bot.api.sendMessage(7, 'again'))).toEqual([429, { retry_after: 1 }]);
    expect(server.calls.filter(({ inside }) => inside).map(({ params }) => params['text'])).toEqual(['again']);
  });

  it('says what Telegram says to a chat that is unknown, blocked, too long a text or a button too large', async () => {
    const { server, bot } = await open();
    expect(await failure(bot.api.sendMessage(7, 'hi'))).toEqual([400, {}]);
    server.users.meet(7);
    void server.users.block(7);
    expect(await failure(bot.api.sendMessage(7, 'hi'))).toEqual([403, {}]);
    void server.users.unblock(7);
    expect(await failure(bot.api.sendMessage(7, 'x'.repeat(4097)))).toEqual([400, {}]);
    const markup = new InlineKeyboard().text('A', 'x'.repeat(65));
    expect(await failure(bot.api.sendMessage(7, 'hi', { reply_markup: markup }))).toEqual([400, {}]);
    const other = new Bot('42:other', { client: { apiRoot: server.root } });
    expect(await failure(other.api.getMe())).toEqual([401, {}]);
  });

  it('breaks an answer by script, having taken the message or not', async () => {
    const { server, bot } = await open();
    server.users.meet(7);
    server.fault('sendMessage', { kind: 'cut', taken: true });
    server.fault('sendMessage', { kind: 'garbage' });
    expect(await failure(bot.api.sendMessage(7, 'taken'))).toBeInstanceOf(HttpError);
    expect(await failure(bot.api.sendMessage(7, 'lost'))).toBeInstanceOf(HttpError);
    expect(server.messages.map(({ text }) => text)).toEqual(['taken']);
  });
});
