import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WhatsappCloudSettings } from '../../src/core/channel-settings.ts';
import { freeFormError } from './cloud-api-limits.ts';
import { fillTemplate, type ShownMessage, shownFreeForm } from './cloud-api-shown.ts';
import { type CloudTemplates, createCloudTemplates } from './cloud-api-templates.ts';
import { wamidOf } from './cloud-wamid.ts';
import { type CloudWebhooks, createCloudWebhooks } from './cloud-webhooks.ts';

type Json = Readonly<Record<string, unknown>>;

/** What becomes of one call for sending. `cutBefore`: the line breaks before it was taken; `cutAfter`: it was taken and the answer breaks off; `silent`: nothing is answered; `silentAfter`: it was taken and nothing is answered; `drip`: an answer without an end. */
type CloudFault =
  | 'cutBefore'
  | 'cutAfter'
  | 'silent'
  | 'silentAfter'
  | 'drip'
  | { readonly code: number; readonly status?: number; readonly retryAfter?: number }
  | { readonly body: string; readonly status: number; readonly taken?: boolean }
  | { readonly delayMs: number };

/** Meta's Cloud API on this machine: takes messages and templates as Meta does, and tells of users and statuses by signed webhooks. */
export interface CloudApiServer {
  readonly settings: WhatsappCloudSettings;
  readonly webhooks: CloudWebhooks;
  /** Bodies of all calls for sending, in order. */
  readonly calls: readonly Json[];
  /** What arrived at a number (with `+`) or a user id. */
  shown(address: string): readonly ShownMessage[];
  readonly templates: CloudTemplates;
  /** As a reviewer or the quality check does; tells by webhook. */
  turnTemplate(name: string, language: string, status: string): void;
  /** What becomes of the next calls for sending, in order. */
  next(...faults: readonly CloudFault[]): void;
  /** What becomes of every call from now on; null: all is well. */
  always(fault: CloudFault | null): void;
  /** The access token counts no more; true: it does again. */
  accept(isAccepted: boolean): void;
  /** Every connection is broken off before anything is read. */
  unplug(isOut: boolean): void;
  /** The number has no WhatsApp. */
  withoutWhatsapp(phone: string): void;
  /** Moves the clock of the 24-hour windows. */
  advance(ms: number): void;
  /** The user with this number goes by a user id; with `hidden`, webhooks do not say the number. */
  named(phone: string, userId: string, options?: { readonly hidden?: boolean }): void;
  say(phone: string, text: string, options?: { readonly quote?: string }): string;
  /** Taps the newest button or row with this title. */
  tap(phone: string, title: string): string;
  react(phone: string, emoji: string, to: string): string;
  /** Sends a message of any other type, such as `{ type: 'image', image: { id: '1' } }`. */
  sendAny(phone: string, message: Json): string;
  /** The user opens the chat: everything in it is read. */
  read(phone: string): void;
  /** A message that was taken is refused later. */
  fail(id: string, code: number): void;
  close(): Promise<void>;
}

const VERSION = 'v23.0';
const HOUR_MS = 3_600_000;

/** Listens on a free port of this machine; close it after use. */
export async function startCloudApiServer(): Promise<CloudApiServer> {
  const settings = { accountId: '102290129340398', phoneId: '106540352242922', appSecret: 'app-secret-of-the-tests' };
  const token = 'EAAB-token-of-the-tests';
  const calls: Json[] = [];
  const templates = createCloudTemplates();
  const chats = new Map<string, ShownMessage[]>();
  const unread = new Map<string, ShownMessage[]>();
  const lastInboundMs = new Map<string, number>();
  const people = new Map<string, { readonly userId: string; readonly hidden: boolean }>();
  const absent = new Set<string>();
  const held = new Set<ServerResponse>();
  let faults: CloudFault[] = [];
  let permanent: CloudFault | null = null;
  let isAccepted = true;
  let isUnplugged = false;
  let count = Math.floor(performance.now() * 1000);
  let aheadMs = 0;
  const webhooks = createCloudWebhooks(settings);
  const now = (): number => Date.now() + aheadMs;
  const wamid = (phone: string): string => wamidOf(phone, (count += 1));

  const error = (res: ServerResponse, code: number, status = 400, more: Json = {}, retryAfter?: number): void => {
    const headers = {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    };
    const message = `(#${code}) Something is wrong.`;
    res
      .writeHead(status, headers)
      .end(JSON.stringify({ error: { message, type: 'OAuthException', code, fbtrace_id: 'Az8or2yhqkZfEZ', ...more } }));
  };
  const ok = (res: ServerResponse, json: object): void => {
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };

  /** The number of whom a message is for. A user id in `to` is taken for a number, as Meta does. */
  const receiverOf = ({ to, recipient }: Json): string => {
    if (typeof to === 'string') return `+${to}`;
    return [...people].find(([, { userId }]) => userId === recipient)?.[0] ?? String(recipient);
  };

  const take = (body: Json): { readonly code: number } | { readonly shown: ShownMessage; readonly phone: string } => {
    const phone = receiverOf(body);
    if (body['messaging_product'] !== 'whatsapp') return { code: 100 };
    const id = wamid(phone);
    const attemptId = (body['biz_opaque_callback_data'] ?? '') as string;
    if (body['type'] === 'template') {
      const filled = fillTemplate(body['template'] as Json, templates.all);
      if ('code' in filled) return filled;
      return absent.has(phone) ? { code: 131026 } : { phone, shown: { id, attemptId, how: 'template', ...filled } };
    }
    const code = freeFormError(body);
    if (code !== null) return { code };
    if (absent.has(phone)) return { code: 131026 };
    if (now() - (lastInboundMs.get(phone) ?? Number.NEGATIVE_INFINITY) >= 24 * HOUR_MS) return { code: 131047 };
    return { phone, shown: { id, attemptId, ...shownFreeForm(body) } };
  };

  const deliver = (phone: string, shown: ShownMessage): void => {
    chats.set(phone, [...(chats.get(phone) ?? []), shown]);
    unread.set(phone, [...(unread.get(phone) ?? []), shown]);
    webhooks.statuses([status(phone, shown, 'sent'), status(phone, shown, 'delivered')]);
  };

  const status = (phone: string, shown: ShownMessage, name: string, more: Json = {}): Json => ({
    id: shown.id,
    status: name,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: phone.slice(1),
    biz_opaque_callback_data: shown.attemptId,
    ...(name === 'sent' && { pricing: { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' } }),
    ...more,
  });

  const send = (body: Json, res: ServerResponse, fault: CloudFault | null): void => {
    calls.push(body);
    if (fault === 'silent') {
      held.add(res);
      return;
    }
    if (fault === 'silentAfter') {
      held.add(res);
      const taken = take(body);
      if ('shown' in taken) deliver(taken.phone, taken.shown);
      return;
    }
    if (fault === 'drip') {
      held.add(res);
      const drop = setInterval(() => res.write(' '), 50);
      res.on('close', () => clearInterval(drop));
      return;
    }
    if (fault === 'cutBefore') {
      res.destroy();
      return;
    }
    if (fault !== null && typeof fault === 'object' && 'code' in fault) {
      error(res, fault.code, fault.status, {}, fault.retryAfter);
      return;
    }
    if (fault !== null && typeof fault === 'object' && 'delayMs' in fault) {
      setTimeout(() => conclude(body, res, null), fault.delayMs);
      return;
    }
    conclude(body, res, fault);
  };

  const conclude = (body: Json, res: ServerResponse, fault: Exclude<CloudFault, string> | 'cutAfter' | null): void => {
    if (fault !== null && fault !== 'cutAfter' && 'body' in fault && fault.taken !== true) {
      res.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.body);
      return;
    }
    const taken = take(body);
    if ('code' in taken) {
      error(res, taken.code, 400);
      return;
    }
    deliver(taken.phone, taken.shown);
    if (fault === 'cutAfter') {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      res.write('{"messaging_product":"whats', () => res.destroy());
      return;
    }
    if (fault !== null && 'body' in fault) {
      res.writeHead(fault.status).end(fault.body);
      return;
    }
    ok(res, {
      messaging_product: 'whatsapp',
      contacts: [{ input: taken.phone.slice(1), wa_id: taken.phone.slice(1) }],
      messages: [{ id: taken.shown.id, message_status: 'accepted' }],
    });
  };

  const create = (body: Json, res: ServerResponse): void => {
    const made = templates.create(body);
    if ('subcode' in made) return error(res, 100, 400, { error_subcode: made.subcode });
    ok(res, { id: made.id, status: made.status, category: made.category });
  };

  const server = createServer((req, res) => {
    if (isUnplugged) {
      req.destroy();
      return;
    }
    void readBody(req).then((text) => {
      const url = new URL(req.url ?? '/', 'http://local');
      if (!isAccepted || req.headers.authorization !== `Bearer ${token}`) return error(res, 190, 401);
      const what = `${req.method ?? ''} ${url.pathname}`;
      switch (what) {
        case `POST /${VERSION}/${settings.phoneId}/messages`:
          return send(JSON.parse(text) as Json, res, permanent ?? faults.shift() ?? null);
        case `GET /${VERSION}/${settings.accountId}/message_templates`:
          return ok(res, templates.page(url.searchParams.get('after')));
        case `POST /${VERSION}/${settings.accountId}/message_templates`:
          return create(JSON.parse(text) as Json, res);
        default:
          return error(res, 100, 404, { error_subcode: 33 });
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  const speak = (phone: string, message: Json): string => {
    const id = wamid(phone);
    lastInboundMs.set(phone, now());
    const known = people.get(phone);
    const who = known?.hidden === true ? {} : { from: phone.slice(1) };
    const number = known?.hidden === true ? {} : { wa_id: phone.slice(1) };
    webhooks.message(
      {
        ...who,
        ...(known && { from_user_id: known.userId }),
        id,
        timestamp: String(Math.floor(Date.now() / 1000)),
        ...message,
      },
      { profile: { name: 'Sheena Nelson' }, ...number, ...(known && { user_id: known.userId }) },
    );
    return id;
  };

  const port = (server.address() as AddressInfo).port;
  return {
    settings: {
      ...settings,
      token,
      verifyToken: 'verify-token-of-the-tests',
      apiRoot: `http://127.0.0.1:${port}/${VERSION}`,
    },
    webhooks,
    calls,
    shown: (address) => chats.get(address) ?? [],
    templates,
    turnTemplate(name, language, event) {
      templates.setStatus(name, language, event);
      webhooks.template({
        event,
        message_template_id: 1,
        message_template_name: name,
        message_template_language: language,
      });
    },
    next: (...more) => faults.push(...more),
    always(fault) {
      permanent = fault;
      faults = [];
    },
    accept(whether) {
      isAccepted = whether;
    },
    unplug(isOut) {
      isUnplugged = isOut;
    },
    withoutWhatsapp: (phone) => absent.add(phone),
    advance(ms) {
      aheadMs += ms;
    },
    named: (phone, userId, options) => people.set(phone, { userId, hidden: options?.hidden ?? false }),
    say: (phone, body, options) =>
      speak(phone, {
        type: 'text',
        text: { body },
        ...(options?.quote !== undefined && { context: { from: '15550783881', id: options.quote } }),
      }),
    tap(phone, title) {
      const shown = (chats.get(phone) ?? []).findLast(({ choices }) =>
        choices.some((choice) => choice.title === title),
      );
      const choice = shown?.choices.find((one) => one.title === title);
      if (shown === undefined || choice === undefined) throw new Error(`Nothing in this chat offers ${title}.`);
      const context = { from: '15550783881', id: shown.id };
      if (shown.how === 'template')
        return speak(phone, { context, type: 'button', button: { payload: choice.id, text: title } });
      const type = shown.how === 'list' ? 'list_reply' : 'button_reply';
      return speak(phone, { context, type: 'interactive', interactive: { type, [type]: choice } });
    },
    react: (phone, emoji, to) => speak(phone, { type: 'reaction', reaction: { message_id: to, emoji } }),
    sendAny: speak,
    read(phone) {
      const messages = unread.get(phone) ?? [];
      unread.delete(phone);
      webhooks.statuses(messages.map((shown) => status(phone, shown, 'read')));
    },
    fail(id, code) {
      for (const [phone, messages] of chats)
        for (const shown of messages)
          if (shown.id === id)
            webhooks.statuses([status(phone, shown, 'failed', { errors: [{ code, title: 'Message undeliverable' }] })]);
    },
    async close() {
      await webhooks.stop();
      for (const res of held) res.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
