import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { twilioSignature } from '../../src/bots/twilio/signature.ts';
import type { TwilioSettings } from '../../src/core/channel-settings.ts';

/** How the next call is answered in place of the truth. What is taken is kept, whatever becomes of the answer. */
type TwilioStep =
  | { readonly error: number; readonly status?: number; readonly retryAfter?: string }
  | { readonly status: number; readonly body?: string; readonly taken?: boolean }
  | { readonly delayMs: number }
  | 'cutBefore'
  | 'cutAfter'
  | 'cutMidAnswer'
  | 'garbage'
  | 'empty'
  | 'huge'
  | 'slowDrip'
  | 'hang';

/** A message or a call as the API lists it. */
interface TwilioRecord {
  readonly sid: string;
  readonly form: Readonly<Record<string, string>>;
  readonly created: Date;
  status: string;
}

/** Twilio's HTTP API for one account (shapes from its published documents), on a port of its own. */
export interface TwilioServer {
  readonly settings: TwilioSettings;
  readonly messages: readonly TwilioRecord[];
  readonly calls: readonly TwilioRecord[];
  /** `POST Messages`, `GET Messages`, `GET Account` … in order. */
  readonly requests: readonly string[];
  /** The next answers to POST, or to GET. */
  post(...steps: readonly TwilioStep[]): void;
  get(...steps: readonly TwilioStep[]): void;
  /** Every answer from now on; null: the truth again. */
  always(step: TwilioStep | null): void;
  /** Numbers that are answered with this code. */
  refuse(number: string, code: number): void;
  /** Listed as if it had been made by somebody else, so long ago. */
  list(form: Readonly<Record<string, string>>, agoMs?: number): TwilioRecord;
  /** Written by a patient to our number while nobody was called; a photo where there is no body. */
  inbox(from: string, body: string, agoMs?: number): TwilioRecord;
  /** Calls a status callback, or our door for what patients write. */
  callback(record: TwilioRecord, change: Readonly<Record<string, string>>): Promise<Response>;
  write(from: string, fields: Readonly<Record<string, string>>): Promise<Response>;
  status: 'active' | 'suspended';
  /** Where `PUBLIC_URL` leads to in the test. */
  door: string;
  stop(): Promise<void>;
}

const ACCOUNT = `AC${'0'.repeat(31)}1`;
const TOKEN = 'twilio-token-of-the-tests';
const NUMBER = '+15005550006';
const PUBLIC = 'https://clinic.example';
const PATH = `/2010-04-01/Accounts/${ACCOUNT}`;
const CREDENTIALS = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;

export async function startTwilioServer(): Promise<TwilioServer> {
  const records = { Messages: [] as TwilioRecord[], Calls: [] as TwilioRecord[] };
  const requests: string[] = [];
  const scripts = { POST: [] as TwilioStep[], GET: [] as TwilioStep[] };
  const refused = new Map<string, number>();
  let every: TwilioStep | null = null;
  let made = 0;

  const add = (resource: 'Messages' | 'Calls', form: Readonly<Record<string, string>>, created: Date): TwilioRecord => {
    made += 1;
    const sid = `${resource === 'Messages' ? 'SM' : 'CA'}${String(made).padStart(32, '0')}`;
    const record = { sid, form, created, status: 'queued' };
    records[resource].push(record);
    return record;
  };

  const page = (resource: 'Messages' | 'Calls', url: URL): string => {
    const size = Number(url.searchParams.get('PageSize') ?? 50);
    const from = Number(url.searchParams.get('Page') ?? 0) * size;
    const to = url.searchParams.get('To');
    const since = Date.parse(url.searchParams.get('DateSent>') ?? '1970-01-01');
    const all = records[resource]
      .filter(({ form, created }) => (to === null || form['To'] === to) && created.getTime() >= since)
      .toReversed();
    const rest = new URLSearchParams(url.searchParams);
    rest.set('Page', String(Number(url.searchParams.get('Page') ?? 0) + 1));
    return JSON.stringify({
      [resource.toLowerCase()]: all.slice(from, from + size).map(shown),
      page: from / size,
      page_size: size,
      next_page_uri: from + size < all.length ? `${PATH}/${resource}.json?${rest.toString()}` : null,
    });
  };

  const truth = async (request: IncomingMessage, response: ServerResponse, form: Record<string, string>) => {
    const url = new URL(request.url ?? '', 'http://twilio');
    const resource = (['Messages', 'Calls'] as const).find((name) => url.pathname === `${PATH}/${name}.json`);
    if (request.headers.authorization !== CREDENTIALS) return fail(response, 20003, 401);
    if (url.pathname === `${PATH}.json`)
      return json(response, 200, JSON.stringify({ sid: ACCOUNT, status: server.status }));
    if (resource === undefined) return fail(response, 20404, 404);
    if (request.method === 'GET') return json(response, 200, page(resource, url));
    const code = refused.get(form['To'] ?? '');
    if (code !== undefined) return fail(response, code, 400);
    return json(response, 201, JSON.stringify(shown(add(resource, form, new Date()))));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = Object.fromEntries(new URLSearchParams((await bytes(request)).toString('utf8')));
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const path = (request.url ?? '').split('?')[0] ?? '';
    const name = path === `${PATH}.json` ? 'Account' : path.slice(PATH.length + 1, -5);
    requests.push(`${method} ${name}`);
    const step = scripts[method].shift() ?? every;
    const take = (): string => {
      if (method === 'GET' || (name !== 'Messages' && name !== 'Calls')) return '{}';
      return JSON.stringify(shown(add(name, form, new Date())));
    };
    if (step === null) return truth(request, response, form);
    if (typeof step === 'object') {
      if ('delayMs' in step) {
        await new Promise((resolve) => {
          setTimeout(resolve, step.delayMs);
        });
        return truth(request, response, form);
      }
      if ('error' in step) return fail(response, step.error, step.status ?? 400, step.retryAfter);
      if (step.taken === true) take();
      return json(response, step.status, step.body ?? '<html>Bad gateway</html>');
    }
    switch (step) {
      case 'cutBefore':
        request.socket.destroy();
        return;
      case 'cutAfter':
        take();
        request.socket.destroy();
        return;
      case 'cutMidAnswer': {
        const body = take();
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length });
        response.write(body.slice(0, 20), () => request.socket.destroy());
        return;
      }
      case 'garbage':
        take();
        return json(response, 201, 'ok, thanks');
      case 'empty':
        take();
        return json(response, 201, '');
      case 'huge':
        take();
        return json(response, 201, `{"sid":"${'x'.repeat(2_000_000)}"}`);
      case 'slowDrip': {
        const body = take();
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length });
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
        return;
      }
      case 'hang':
        take();
        return;
      default:
        step satisfies never;
    }
  };

  const http = createServer((request, response) => void answer(request, response));
  const root = await new Promise<string>((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
  });

  const server: TwilioServer = {
    settings: { accountSid: ACCOUNT, authToken: TOKEN, from: NUMBER, apiRoot: root, publicUrl: PUBLIC },
    messages: records.Messages,
    calls: records.Calls,
    requests,
    status: 'active',
    door: '',
    post: (...steps) => void scripts.POST.push(...steps),
    get: (...steps) => void scripts.GET.push(...steps),
    always(step) {
      every = step;
    },
    refuse: (number, code) => void refused.set(number, code),
    list: (form, agoMs = 0) => add('Messages', form, new Date(Date.now() - agoMs)),
    inbox: (from, body, agoMs = 0) =>
      add(
        'Messages',
        { From: from, To: NUMBER, Body: body, Direction: 'inbound', NumMedia: body === '' ? '1' : '0' },
        new Date(Date.now() - agoMs),
      ),
    async callback(record, change) {
      if ('MessageStatus' in change) record.status = change['MessageStatus'] ?? record.status;
      const told = record.sid.startsWith('CA')
        ? { CallSid: record.sid, Direction: 'outbound-api' }
        : { MessageSid: record.sid, SmsSid: record.sid };
      const { To = '', From = '', StatusCallback = '' } = record.form;
      const fields = { ...told, To, From, AccountSid: ACCOUNT, ApiVersion: '2010-04-01', ...change };
      return call(server.door, (StatusCallback.split('#')[0] ?? '').slice(PUBLIC.length), fields);
    },
    write: (from, fields) =>
      call(server.door, '/hooks/twilio', {
        From: from,
        To: NUMBER,
        AccountSid: ACCOUNT,
        ApiVersion: '2010-04-01',
        SmsStatus: 'received',
        NumMedia: '0',
        NumSegments: '1',
        ...fields,
      }),
    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => {
        http.close(resolve);
      });
    },
  };
  return server;
}

/** A signed call as Twilio makes it, to the door behind the proxy of `PUBLIC_URL`. */
function call(door: string, path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return callAs(door, path, { fields, signature: twilioSignature(TOKEN, `${PUBLIC}${path}`, Object.entries(fields)) });
}

/** A form with any signature; null: without one. */
export function callAs(
  door: string,
  path: string,
  { fields, signature }: { fields: Readonly<Record<string, string>>; signature: string | null },
): Promise<Response> {
  return fetch(`${door}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      ...(signature !== null && { 'x-twilio-signature': signature }),
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** A JSON body, whose hash is in the signed address; `sent` is what travels. */
export function callWithJson(door: string, { signed, sent }: { signed: string; sent: string }): Promise<Response> {
  const path = `/hooks/twilio?bodySHA256=${createHash('sha256').update(signed).digest('hex')}`;
  return fetch(`${door}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-twilio-signature': twilioSignature(TOKEN, `${PUBLIC}${path}`, []),
    },
    body: sent,
  });
}

function shown({ sid, form, created, status }: TwilioRecord): object {
  return {
    sid,
    account_sid: ACCOUNT,
    to: form['To'],
    from: form['From'],
    body: form['Body'],
    direction: form['Direction'] ?? 'outbound-api',
    num_media: form['NumMedia'] ?? '0',
    status,
    date_created: created.toUTCString().replace('GMT', '+0000'),
    date_sent: status === 'queued' ? null : created.toUTCString().replace('GMT', '+0000'),
    error_code: null,
    num_segments: '1',
  };
}

function fail(response: ServerResponse, code: number, status: number, retryAfter?: string): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  const more = `https://www.twilio.com/docs/errors/${code}`;
  json(response, status, JSON.stringify({ code, message: 'The words of a refusal.', more_info: more, status }));
}

function json(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function bytes(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
