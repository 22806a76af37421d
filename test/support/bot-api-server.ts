import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BotApiBody, readBotApiBody } from './bot-api-body.ts';
import { BotApiChats, BotApiError, type BotApiMessage } from './bot-api-chats.ts';
import { type BotApiFault, breakAnswer } from './bot-api-faults.ts';
import { BotApiLimits } from './bot-api-limits.ts';
import { type BotApiUpdate, BotApiUpdates, type WebhookDelivery } from './bot-api-updates.ts';
import { type BotApiUsers, createBotApiUsers } from './bot-api-users.ts';

/** A message that the bot sent. `title` is that of a button; a contact keyboard stands in `params.reply_markup`. */
export interface BotMessage {
  readonly method: string;
  readonly chat: number;
  readonly text: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: BotApiBody['files'];
  readonly message: BotApiMessage;
  readonly atMs: number;
}

/** A call of the bot; `inside`: made while Telegram had asked for silence. `atMs` counts from any moment (`performance.now`). */
interface BotCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly atMs: number;
  readonly inside: boolean;
}

/**
 * The Bot API of one bot on a port of its own, good enough for the real grammY in any mode: long polling with offsets and
 * conflicts, webhooks with secret and redelivery, texts, documents, edits, taps, topics, files. It keeps limits of its own
 * (30 messages a second, 20 a minute to one group, unless changed) with 429 and `retry_after`, and knows what was called inside one.
 * People act through `users`; `fault` scripts what the next calls of a method (`*`: any but getUpdates) meet.
 */
export interface BotApiServer {
  readonly token: string;
  /** For `TELEGRAM_API_ROOT`. */
  readonly root: string;
  readonly users: BotApiUsers;
  readonly chats: BotApiChats;
  readonly messages: readonly BotMessage[];
  readonly calls: readonly BotCall[];
  readonly deliveries: readonly WebhookDelivery[];
  /** Ids of the taps whose button was let go, with the time. */
  readonly answeredTaps: readonly { readonly query: string; readonly atMs: number }[];
  /** Updates that the bot has not confirmed. */
  pending(): number;
  fault(method: string, fault: BotApiFault, times?: number): void;
  /** Forgets the script, and the silence that was asked for. */
  clearFaults(): void;
  /** Messages a second from now on; `Infinity`: no limit. */
  limitTo(perSecond: number): void;
  /** Messages to one group within so long from now on. */
  limitGroupsTo(messages: number, withinMs: number): void;
  /** Every call answers 401 from now on, or no longer. */
  revoke(revoked: boolean): void;
  /** Called with every message from now on, for those who count many. */
  listen(listener: (message: BotMessage) => void): void;
  /** Resolves with the first message, sent already or not, that fits. */
  sent(fits: (message: BotMessage) => boolean): Promise<BotMessage>;
  /** Resolves with the first call after this one that fits. */
  called(method: string): Promise<BotCall>;
  close(): Promise<void>;
}

const BOT = { id: 42, is_bot: true, first_name: 'Clinic', username: 'clinic_bot' };
const TOKEN = `${BOT.id}:AAtest-token-of-the-stand-in_0123456789`;
const SECOND_MS = 1000;

/** Starts it on `port` (0: a free one). */
export async function startBotApiServer({ port = 0, token = TOKEN, keepCalls = true } = {}): Promise<BotApiServer> {
  const chats = new BotApiChats();
  const updates = new BotApiUpdates();
  const messages: BotMessage[] = [];
  const calls: BotCall[] = [];
  const answeredTaps: { query: string; atMs: number }[] = [];
  const faults: { method: string; fault: BotApiFault; left: number }[] = [];
  const watchers = new Set<() => void>();
  const listeners: ((message: BotMessage) => void)[] = [];
  const silentUntil = { polls: 0, rest: 0 };
  const files = new Map<string, Buffer>();
  const limits = new BotApiLimits();
  let revoked = false;

  const changed = (): void => {
    for (const look of [...watchers]) look();
  };
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  const laneOf = (method: string): 'polls' | 'rest' => (method === 'getUpdates' ? 'polls' : 'rest');
  const beSilent = (method: string, seconds: number): void => {
    silentUntil[laneOf(method)] = performance.now() + seconds * SECOND_MS;
  };

  const post = (method: string, { params, files: uploaded }: BotApiBody): BotApiMessage => {
    const [file] = Object.values(uploaded);
    if (method === 'sendMessage') checkText(params['text']);
    const document = file && { file_id: `file-${files.size + 1}`, file_unique_id: 'u', file_name: file.name };
    if (file !== undefined && document !== undefined) files.set(document.file_id, file.data);
    const content = method === 'sendMessage' ? { text: params['text'] } : { caption: params['caption'], document };
    const message = chats.take(params, BOT, content);
    const said = params['text'] ?? params['caption'];
    const text = typeof said === 'string' ? said : '';
    const sent = { method, chat: message.chat.id, text, params, files: uploaded, message, atMs: performance.now() };
    messages.push(sent);
    for (const listener of listeners) listener(sent);
    changed();
    return message;
  };
  const edit = ({ chat_id: chat, message_id: id, text, reply_markup: markup }: BotApiBody['params']): BotApiMessage => {
    const found = messages.find(({ message }) => message.message_id === Number(id) && message.chat.id === Number(chat));
    if (found === undefined) throw new BotApiError(400, 'Bad Request: message to edit not found');
    const same = JSON.stringify(found.message.reply_markup) === JSON.stringify(markup);
    if (same && (text === undefined || text === found.message.text))
      throw new BotApiError(400, 'Bad Request: message is not modified');
    return Object.assign(found.message, { ...(text !== undefined && { text }), reply_markup: markup });
  };

  const carryOut = async (method: string, body: BotApiBody, gone: AbortSignal): Promise<unknown> => {
    const { params } = body;
    switch (method) {
      case 'getMe':
        return { ...BOT, can_join_groups: true, can_read_all_group_messages: true, supports_inline_queries: false };
      case 'getUpdates': {
        if (updates.webhook !== null)
          throw new BotApiError(409, "Conflict: can't use getUpdates method while webhook is active");
        const timeoutMs = Number(params['timeout'] ?? 0) * SECOND_MS;
        const found = await updates.poll(
          Number(params['offset'] ?? 0),
          Number(params['limit'] ?? 100),
          timeoutMs,
          gone,
        );
        if (found === 'conflict') throw new BotApiError(409, 'Conflict: terminated by other getUpdates request');
        return found satisfies readonly BotApiUpdate[];
      }
      case 'setWebhook':
        updates.webhook =
          params['url'] === ''
            ? null
            : {
                url: String(params['url']),
                ...('secret_token' in params && { secret: String(params['secret_token']) }),
              };
        updates.bring();
        return true;
      case 'deleteWebhook':
        updates.webhook = null;
        return true;
      case 'getWebhookInfo':
        return {
          url: updates.webhook?.url ?? '',
          has_custom_certificate: false,
          pending_update_count: updates.pending(),
        };
      case 'sendMessage':
      case 'sendDocument':
        return post(method, body);
      case 'editMessageText':
      case 'editMessageReplyMarkup':
        return edit(params);
      case 'answerCallbackQuery':
        answeredTaps.push({ query: String(params['callback_query_id']), atMs: performance.now() });
        changed();
        return true;
      case 'getChat':
        return chats.find(params['chat_id']);
      case 'createForumTopic':
        return chats.openTopic(params);
      case 'getFile':
        return { file_id: params['file_id'], file_unique_id: 'u', file_path: `documents/${String(params['file_id'])}` };
      case 'deleteMessage':
      case 'setMyCommands':
      case 'deleteMyCommands':
      case 'sendChatAction':
        return true;
      default:
        throw new BotApiError(404, 'Not Found: method not found');
    }
  };

  /** The error that this call meets before Telegram looks at what it wants. */
  const refusal = (
    method: string,
    chat: unknown,
    fault: BotApiFault | undefined,
    inside: boolean,
  ): { code: number; description: string; retryAfter?: number } | null => {
    if (revoked) return { code: 401, description: 'Unauthorized' };
    if (inside) {
      const retryAfter = Math.ceil((silentUntil[laneOf(method)] - performance.now()) / SECOND_MS);
      return { code: 429, description: 'Too Many Requests', retryAfter };
    }
    if (fault?.kind === 'error') {
      if (fault.retryAfter !== undefined) beSilent(method, fault.retryAfter);
      return { description: 'Scripted', ...fault };
    }
    const isMessage = method.startsWith('send') && method !== 'sendChatAction';
    const retryAfter = isMessage ? limits.take(Number(chat), performance.now()) : 0;
    if (retryAfter === 0) return null;
    beSilent(method, retryAfter);
    return { code: 429, description: `Too Many Requests: retry after ${retryAfter}`, retryAfter };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    const file = /^\/file\/bot[^/]+\/documents\/(.+)$/.exec(request.url ?? '')?.[1];
    if (file !== undefined) return void response.end(files.get(file));
    const body = await readBotApiBody(request);
    const inside = performance.now() < silentUntil[laneOf(method)];
    if (keepCalls || inside) calls.push({ method, params: body.params, atMs: performance.now(), inside });
    changed();
    const scripted = faults.find((one) => one.method === method || (one.method === '*' && method !== 'getUpdates'));
    if (scripted !== undefined) scripted.left -= 1;
    if (scripted?.left === 0) faults.splice(faults.indexOf(scripted), 1);
    const fault = scripted?.fault;
    const refused =
      given === token
        ? refusal(method, body.params['chat_id'], fault, inside)
        : { code: 401, description: 'Unauthorized' };
    if (refused !== null) return fail(response, refused);
    if (fault?.kind === 'delay')
      await new Promise((resolve) => {
        setTimeout(resolve, fault.ms);
      });
    const broken = fault === undefined || fault.kind === 'delay' || fault.kind === 'error' ? null : fault;
    if (broken !== null && broken.taken !== true) return breakAnswer(response, broken.kind);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const result = await carryOut(method, body, gone.signal);
      if (broken !== null) return breakAnswer(response, broken.kind);
      write(response, 200, { ok: true, result });
    } catch (error) {
      if (error instanceof BotApiError) {
        const { code, message, parameters } = error;
        fail(response, { code, description: message, parameters });
      } else throw error;
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    token,
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    users: createBotApiUsers(chats, updates),
    chats,
    messages,
    calls,
    deliveries: updates.deliveries,
    answeredTaps,
    pending: () => updates.pending(),
    fault: (method, fault, times = 1) => void faults.push({ method, fault, left: times }),
    clearFaults: () => {
      faults.splice(0);
      Object.assign(silentUntil, { polls: 0, rest: 0 });
    },
    limitTo: (messagesPerSecond) => {
      limits.perSecond = messagesPerSecond;
    },
    limitGroupsTo: (messages, withinMs) => {
      limits.toGroup = { messages, withinMs };
    },
    revoke: (isRevoked) => {
      revoked = isRevoked;
    },
    listen: (listener) => void listeners.push(listener),
    sent: (fits) => until(() => messages.find(fits)),
    called: (method) => {
      const from = calls.length;
      return until(() => calls.slice(from).find((call) => call.method === method));
    },
    async close() {
      updates.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function checkText(text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '') throw new BotApiError(400, 'Bad Request: message text is empty');
  if (text.length > 4096) throw new BotApiError(400, 'Bad Request: message is too long');
}

function fail(
  response: ServerResponse,
  error: { code: number; description: string; retryAfter?: number; parameters?: object },
): void {
  const { code, description, retryAfter } = error;
  const parameters = { ...error.parameters, ...(retryAfter !== undefined && { retry_after: retryAfter }) };
  const said = Object.keys(parameters).length === 0 ? {} : { parameters };
  write(response, code, { ok: false, error_code: code, description, ...said });
}

function write(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
