import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import whatsapp, { type Client as WhatsappClient } from 'whatsapp-web.js';
import type { WhatsappWebSettings } from '../../core/channel-settings.ts';
import type { Within } from './deadline.ts';
import { catchDroppedPromises } from './dropped-promises.ts';
import type { PageContent } from './render.ts';

const { Client, LocalAuth, Poll } = whatsapp;
const run = promisify(execFile);
type Browser = NonNullable<WhatsappClient['pupBrowser']>;

/** What the page and its browser tell, in the library's own data. */
export interface PhoneEvents {
  code(code: string): void;
  progress(): void;
  authenticated(): void;
  ready(): void;
  reloaded(): void;
  disconnected(state: string): void;
  failed(): void;
  message(raw: unknown): void;
  vote(raw: unknown): void;
  /** For our own messages, in chats with one person. */
  ack(id: string, ack: number): void;
}

/** One browser with WhatsApp Web in it; a new one is made for each try. */
export interface Phone {
  /** Resolves when the page is loaded; rejects when it did not come to that: then `close` it. */
  open(): Promise<void>;
  /** Ends the browser for sure; never rejects. */
  close(): Promise<void>;
  /** False when a call would meet a page that is gone: nothing leaves then. */
  usable(): boolean;
  state(): Promise<string>;
  refreshCode(): Promise<void>;
  numberId(digits: string): Promise<string | null>;
  phoneOf(lid: string): Promise<string | null>;
  /** The id that the page gave the message; null when it does not say. */
  send(chat: string, content: PageContent): Promise<string | null>;
  /** The ack of a message of ours by the key's own part; null when the page does not have it. */
  ackOf(id: string): Promise<number | null>;
  /** Messages in unread chats that changed since (epoch seconds), oldest first. */
  unread(since: number): Promise<readonly unknown[]>;
}

/** How many unread chats, and messages of one, are looked through. */
const MOST_CHATS = 100;
const MOST_MESSAGES = 50;
const CLOSE_MS = 4_000;
const PROTOCOL_MS = 60_000;
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A container's /dev/shm is too small for it.
  '--disable-dev-shm-usage',
];

/** Nothing is started. `version` is the browser's, for the user agent: the library's own is of 2022. */
export function createPhone(
  settings: WhatsappWebSettings,
  {
    version,
    events,
    within,
    browserIs,
  }: {
    version: string;
    events: PhoneEvents;
    within: Within;
    browserIs: (pid: number) => Promise<void>;
  },
): Phone {
  const ending = new AbortController();
  const auth = new LocalAuth({ dataPath: settings.sessionDir });
  // The library would remove the profile under the running browser.
  auth.logout = async () => undefined;
  let watched = false;
  auth.afterBrowserInitialized = async () => {
    if (watched) return;
    watched = true;
    const browser = client.pupBrowser as Browser;
    browser.on('disconnected', () => events.failed());
    page().on('error', () => events.failed());
    page().on('framenavigated', (frame) => {
      if (frame === page().mainFrame()) events.reloaded();
    });
    const pid = browser.process()?.pid;
    if (pid !== undefined) await browserIs(pid);
  };
  const client = new Client({
    authStrategy: auth,
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`,
    ...(settings.page === undefined
      ? { webVersionCache: { type: 'none' } }
      : {
          webVersion: settings.page.version,
          webVersionCache: { type: 'remote', remotePath: settings.page.url, strict: true },
        }),
    ...(typeof settings.pairWith === 'string' && { pairWithPhoneNumber: { phoneNumber: settings.pairWith.slice(1) } }),
    puppeteer: {
      executablePath: settings.chromiumPath,
      headless: true,
      // With the pipe the browser ends when this process does, however it ends.
      pipe: true,
      signal: ending.signal,
      // Signals are main's business: puppeteer would end the process.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      protocolTimeout: PROTOCOL_MS,
      args: [...ARGUMENTS, ...(userInfo().uid === 0 ? ['--no-sandbox'] : []), ...(settings.chromiumArgs ?? [])],
    },
  });
  catchDroppedPromises(client, { page: settings.page !== undefined, failed: () => events.failed() });
  listen(client, events);

  const page = () => {
    const open = client.pupPage;
    if (open === undefined) throw new Error('The page is not open.');
    return open;
  };
  /** Text, not a function: a build step may put helpers into a function that the page does not have. */
  const evaluate = (expression: string): Promise<unknown> => page().evaluate(expression);

  return {
    open: () => client.initialize(),
    async close() {
      client.removeAllListeners();
      const browser = client.pupBrowser as Browser | null;
      const closing = browser?.connected === true ? browser.close().catch(() => undefined) : Promise.resolve();
      await within(CLOSE_MS, closing);
      ending.abort();
      const program = browser?.process();
      if (program?.exitCode === null && program.signalCode === null) await within(CLOSE_MS, once(program, 'exit'));
    },
    usable() {
      const browser = client.pupBrowser as Browser | null;
      const open = client.pupPage;
      return browser?.connected === true && open?.isClosed() === false && !open.mainFrame().detached;
    },
    state: async () => String(await client.getState()),
    async refreshCode() {
      await evaluate(`window.require('WAWebCmd').Cmd.refreshQR()`);
    },
    async numberId(digits) {
      return (await client.getNumberId(digits))?._serialized ?? null;
    },
    async phoneOf(lid) {
      const [found] = await client.getContactLidAndPhone([lid]);
      return found?.pn ?? null;
    },
    async send(chat, content) {
      const what =
        content.kind === 'text'
          ? content.text
          : new Poll(content.question, [...content.options], { allowMultipleAnswers: false, messageSecret: undefined });
      const options = { sendSeen: false, linkPreview: false, parseVCards: false };
      const sent = (await client.sendMessage(chat, what, options)) as { id: { id: string } } | undefined;
      return sent?.id.id ?? null;
    },
    async ackOf(id) {
      const key = JSON.stringify(id);
      const ack = await evaluate(
        `window.require('WAWebCollections').Msg.getModelsArray().find((one) => one.id.fromMe && one.id.id === ${key})?.ack ?? null`,
      );
      return typeof ack === 'number' ? ack : null;
    },
    async unread(since) {
      const found = (await evaluate(
        `window.require('WAWebCollections').Chat.getModelsArray()
          .filter((chat) => chat.unreadCount > 0 && chat.t >= ${since} && ['c.us', 'lid'].includes(chat.id.server))
          .sort((a, b) => b.t - a.t).slice(0, ${MOST_CHATS})
          .map((chat) => ({ id: chat.id._serialized, count: chat.unreadCount }))`,
      )) as { id: string; count: number }[];
      const messages: { readonly timestamp: number; readonly rawData: unknown }[] = [];
      for (const { id, count } of found) {
        const chat = await client.getChatById(id);
        messages.push(...(await chat.fetchMessages({ limit: Math.min(count, MOST_MESSAGES), fromMe: false })));
      }
      return messages
        .filter(({ timestamp }) => timestamp >= since)
        .sort((a, b) => a.timestamp - b.timestamp)
        .map(({ rawData }) => rawData);
    },
  };
}

/** The browser's version as a user agent says it; that of the library's time when the browser does not tell. */
export async function browserVersion(chromiumPath: string): Promise<string> {
  const told = await run(chromiumPath, ['--version'], { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return `${/ (\d+)\./.exec(told.stdout)?.[1] ?? '146'}.0.0.0`;
}

function listen(client: WhatsappClient, events: PhoneEvents): void {
  client.on('qr', (qr) => events.code(`qr:${qr}`));
  client.on('code', (code: string) => events.code(`code:${code.slice(0, 4)}-${code.slice(4)}`));
  client.on('loading_screen', () => events.progress());
  client.on('authenticated', () => events.authenticated());
  client.on('ready', () => events.ready());
  client.on('disconnected', (state) => events.disconnected(state));
  client.on('message', (message) => events.message(message.rawData));
  client.on('vote_update', (vote) => events.vote(vote));
  client.on('message_ack', ({ id }, ack) => {
    if (id.fromMe && /@(?:c\.us|lid)$/.test(id.remote)) events.ack(id.id, ack);
  });
}
