import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message that the clinic's account sent, as the page handed it to the network. */
interface SentByPage {
  /** The key's own part, without chat. */
  readonly id: string;
  /** `79161234567@c.us`, or `…@lid`. */
  readonly chat: string;
  readonly text: string;
  readonly poll?: readonly string[];
}

/** What somebody sends to the clinic. `from` is digits; with `lid` the page shows that in its place, and `from: null` hides the number. */
interface SaidToPage {
  readonly from: string | null;
  readonly lid?: string;
  readonly text?: string;
  readonly type?: string;
  readonly id?: string;
  /** Epoch seconds; the present when left out. */
  readonly t?: number;
  /** Further fields of the page's message. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** WhatsApp Web for the real Client in a real Chromium: the page, and WhatsApp's servers behind it. */
export interface WhatsappWebPage {
  /** For `settings.page`. */
  readonly page: { readonly version: string; readonly url: string };
  readonly sent: readonly SentByPage[];
  /** What else the page did: `booted`, `refreshQr`, `missing …`. */
  readonly notes: readonly string[];
  /** Whether the page that runs is a linked device. */
  linked(): boolean;
  /** The phone scans the code (or types it in). */
  link(): Promise<void>;
  say(said: SaidToPage): Promise<string>;
  /** Written while no browser of ours was there: only the history has it. */
  saidMeanwhile(said: SaidToPage): string;
  vote(vote: { from: string; poll: string; options: readonly string[] }): Promise<void>;
  ack(id: string, ack: number): Promise<void>;
  /** What WhatsApp's servers know of a message; told to the pages that come. */
  had(id: string, ack: number): void;
  state(state: string): Promise<void>;
  /** The phone throws the device out. */
  kick(state?: string): Promise<void>;
  logout(): Promise<void>;
  reload(): Promise<void>;
  /** The acks of the following sends, in their order; `[1, 2]` at first. */
  acks(...acks: readonly number[]): void;
  /** These digits have no WhatsApp. */
  unknown(digits: string): void;
  /** WhatsApp knows this number under another one, or under this LID. */
  knows(digits: string, as: { as?: string; lid?: string }): void;
  /** From the next page on: `deaf` never gets as far as a state, `neverSyncs` connects and no more. */
  boots(how: { deaf?: boolean; neverSyncs?: boolean }): void;
  /** The page takes a message and does not come back from it. */
  hangs(hangs: boolean): void;
  stop(): Promise<void>;
}

const VERSION = '2.3000.1000000000';
const folder = new URL('whatsapp-web-page/', import.meta.url);
const HEADERS = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };

/** Starts it on a free port of 127.0.0.1. */
export async function startWhatsappWebPage(): Promise<WhatsappWebPage> {
  const sent: SentByPage[] = [];
  const notes: string[] = [];
  const history: Record<string, unknown>[] = [];
  const unknown = new Set<string>();
  const known = new Map<string, { as?: string; lid?: string }>();
  const listeners = new Set<ServerResponse>();
  const waiting = new Map<number, () => void>();
  const boots: (() => void)[] = [];
  let [acks, how, hang, linked, orders, said] = [[1, 2] as readonly number[], {}, false, false, 0, 0];

  const answer = (path: string, data: Record<string, unknown>): unknown => {
    const id = String(data['id']);
    switch (path) {
      case '/sent': {
        const key = data['id'] as { id: string };
        const poll = data['pollOptions'] as { name: string }[] | undefined;
        sent.push({
          id: key.id,
          chat: String(data['chat']),
          text: [data['body'], data['pollName']].find((one) => typeof one === 'string' && one !== '') as string,
          ...(poll && { poll: poll.map(({ name }) => name) }),
        });
        history.push({ ...data, fromMe: true, ack: Math.max(...acks, 0) });
        return { acks };
      }
      case '/handed':
        return { hang };
      case '/exists':
        return { exists: !unknown.has(id.replace('@c.us', '')), ...known.get(id.replace('@c.us', '')) };
      case '/pair':
        notes.push(`pair ${String(data['phone'])}`);
        return { code: 'ABCDEFGH' };
      case '/device':
        linked = data['linked'] === true;
        return {};
      case '/booted':
        linked = data['linked'] === true;
        notes.push('booted');
        return how;
      case '/history':
        return { items: history };
      case '/note':
        notes.push([data['what'], data['name']].filter(Boolean).join(' '));
        return {};
      case '/done':
        waiting.get(Number(data['number']))?.();
        waiting.delete(Number(data['number']));
        return {};
      default:
        return {};
    }
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '';
    if (path.startsWith('/orders')) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' }).write(':\n\n');
      listeners.add(response);
      request.once('close', () => listeners.delete(response));
      for (const boot of boots.splice(0)) boot();
      return;
    }
    if (path.startsWith('/wa/')) {
      const settings = JSON.stringify({ server: origin, version: VERSION });
      const page = `<script type="module" crossorigin src="${origin}/page.js"></script>`;
      const html = `<!doctype html><meta charset=utf-8><script>window.STAND_IN=${settings}</script>${page}`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
      return;
    }
    const [, script] = /^\/(\w+\.js)$/.exec(path) ?? [];
    if (script !== undefined) {
      response
        .writeHead(200, { ...HEADERS, 'content-type': 'text/javascript' })
        .end(readFileSync(new URL(script, folder)));
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(path, JSON.parse(body || '{}') as Record<string, unknown>)));
    });
  };
  const http = createServer(handle).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  /** Resolves when the page has done it. */
  const order = async (name: string, value: object = {}): Promise<void> => {
    if (listeners.size === 0)
      await new Promise<void>((resolve) => {
        boots.push(resolve);
      });
    orders += 1;
    const number = orders;
    const done = new Promise<void>((resolve) => {
      waiting.set(number, resolve);
    });
    const line = `data: ${JSON.stringify({ order: name, value, number })}\n\n`;
    for (const listener of listeners) listener.write(line);
    await done;
  };
  const lineOf = ({ from, lid, text = '', type = 'chat', id, t, more }: SaidToPage) => {
    said += 1;
    return {
      id: id ?? `3A${String(said).padStart(18, '0')}`,
      from: from === null ? undefined : from.includes('@') ? from : `${from}@c.us`,
      lid: lid === undefined ? undefined : `${lid}@lid`,
      body: text,
      type,
      t: t ?? Math.floor(Date.now() / 1000),
      more,
    };
  };

  return {
    page: { version: VERSION, url: `${origin}/wa/{version}.html` },
    sent,
    notes,
    linked: () => linked,
    link: () => order('link'),
    async say(what) {
      const line = lineOf(what);
      history.push(line);
      await order('received', { ...line, isNew: true });
      return line.id;
    },
    saidMeanwhile(what) {
      const line = lineOf(what);
      history.push(line);
      return line.id;
    },
    vote: ({ from, poll, options }) => order('vote', { from: `${from}@c.us`, poll, options }),
    ack: (id, ack) => order('ack', { id, ack }),
    had(id, ack) {
      const one = history.find((line) => line['fromMe'] === true && (line['id'] as { id: string }).id === id);
      if (one !== undefined) one['ack'] = ack;
    },
    state: (state) => order('state', { state }),
    // Nobody is there to say that it was done: the Client closes the browser.
    async kick(state = 'UNPAIRED') {
      void order('unpair', { state });
    },
    async logout() {
      void order('logout');
    },
    async reload() {
      void order('reload');
    },
    acks(...next) {
      acks = next;
    },
    unknown: (digits) => unknown.add(digits),
    knows: (digits, as) => known.set(digits, as),
    boots(next) {
      how = next;
    },
    hangs(next) {
      hang = next;
    },
    async stop() {
      for (const listener of listeners) listener.end();
      http.closeAllConnections();
      await new Promise((resolve) => {
        http.close(resolve);
      });
    },
  };
}
