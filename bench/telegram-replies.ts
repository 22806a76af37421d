import { loadavg } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type BotApiServer, startBotApiServer } from '../test/support/bot-api-server.ts';
import { bodies } from '../test/support/clinic-bodies.ts';
import { createRunningService, type RunningService } from '../test/support/running-service.ts';
import { childrenOf, processTimes } from './process-times.ts';

/**
 * Replies from end to end: an update is POSTed to `/hooks/telegram` of the service as `npm start` runs it, on its embedded
 * store; the conversation engine answers a linked patient; the reply reaches a Bot API in another process (this one).
 * First at an even rate, then as fast as so many chats can talk that each waits for its reply. The stand-in has no limit here.
 */
const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '200' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '20' },
    messages: { type: 'string', default: '2000' },
    lanes: { type: 'string', default: '16' },
  },
});
const PATIENTS = Number(values.patients);
const ADMIN = 'bench-admin-token-0123456789';
const SECRET = 'bench-webhook-secret-0123456789';
const FIRST_CHAT = 10_000;
const SAID = 'Мои записи';

interface Bench {
  readonly server: BotApiServer;
  readonly service: RunningService;
  /** Says something in a chat; resolves with the milliseconds until the reply has arrived. */
  say(chat: number, text: string): Promise<number>;
}

async function open(): Promise<Bench> {
  const server = await startBotApiServer({ keepCalls: false });
  server.limitTo(Number.POSITIVE_INFINITY);
  const service = await createRunningService({
    DEMO: '0',
    ADMIN_TOKEN: ADMIN,
    PUBLIC_URL: 'http://127.0.0.1:9',
    TELEGRAM_BOT_TOKEN: server.token,
    TELEGRAM_API_ROOT: server.root,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
  });
  await service.start();
  const waiting = new Map<number, () => void>();
  server.listen(({ chat }) => waiting.get(chat)?.());
  let update = 1;
  const say = async (chat: number, text: string): Promise<number> => {
    const startedAt = performance.now();
    const replied = new Promise<void>((resolve) => {
      waiting.set(chat, resolve);
    });
    const from = { id: chat, is_bot: false, first_name: 'Дана', language_code: 'ru' };
    const message = {
      message_id: update,
      date: Math.floor(Date.now() / 1000),
      chat: { id: chat, type: 'private' },
      from,
      text,
    };
    const answer = await fetch(`${service.origin}/hooks/telegram`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
      body: JSON.stringify({ update_id: update++, message }),
    });
    if (answer.status !== 200) throw new Error(`The hook answered ${answer.status}.`);
    await answer.arrayBuffer();
    await replied;
    return performance.now() - startedAt;
  };
  return { server, service, say };
}

async function link({ server, service, say }: Bench): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN}` };
  const put = (path: string, body: unknown): Promise<unknown> => service.must('PUT', path, body, headers);
  await put('/branches/hill', bodies.branch({ locale: 'ru' }));
  await put('/doctors/d1', bodies.doctor());
  await put('/services/clean', bodies.service());
  const start = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 11);
  for (let at = 0; at < PATIENTS; at += 1) {
    const patient = `p${at}`;
    server.users.meet(FIRST_CHAT + at);
    await put(`/patients/${patient}`, bodies.patient({ phones: [`+9955551${String(at).padStart(5, '0')}`] }));
    const time = { start: `${start}12:00:00+04:00`, end: `${start}12:30:00+04:00` };
    await put(`/appointments/a${at}`, bodies.appointment({ patient, ...time }));
    const { token } = await service.must<{ token: string }>(
      'POST',
      `/patients/${patient}/links`,
      { channel: 'telegram' },
      headers,
    );
    await say(FIRST_CHAT + at, `/start ${token}`);
  }
}

/** Processor ms for each of `count` messages, by program, and in all. */
async function measured(count: number, work: () => Promise<void>): Promise<Record<string, string>> {
  const [pid] = childrenOf(process.pid);
  if (pid === undefined) throw new Error('The service is not there.');
  const before = processTimes(pid);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const spent = [...processTimes(pid)].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / count] as const);
  const all = spent.reduce((sum, [, ms]) => sum + ms, 0);
  return {
    'replies/s': (count / seconds).toFixed(1),
    'CPU ms a message': all.toFixed(2),
    'replies/s per core': (1000 / all).toFixed(1),
    ...Object.fromEntries(spent.map(([name, ms]) => [`CPU ms ${name}`, ms.toFixed(2)])),
    load: loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  };
}

function quantiles(times: readonly number[]): Record<string, string> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return { 'p50 ms': at(0.5), 'p99 ms': at(0.99) };
}

async function steady({ say }: Bench, rate: number, seconds: number): Promise<Record<string, string>> {
  const times: number[] = [];
  const all: Promise<unknown>[] = [];
  const figures = await measured(rate * seconds, async () => {
    const startedAt = performance.now();
    for (let number = 0; number < rate * seconds; number += 1) {
      await after(Math.max(0, startedAt + (number * 1000) / rate - performance.now()));
      all.push(say(FIRST_CHAT + (number % PATIENTS), SAID).then((ms) => times.push(ms)));
    }
    await Promise.all(all);
  });
  return { ...figures, ...quantiles(times) };
}

async function flatOut({ say }: Bench, messages: number, lanes: number): Promise<Record<string, string>> {
  const times: number[] = [];
  let next = 0;
  const lane = async (own: number): Promise<void> => {
    for (let turn = 0; next < messages; turn += 1) {
      next += 1;
      times.push(await say(FIRST_CHAT + ((own + turn * lanes) % PATIENTS), SAID));
    }
  };
  const figures = await measured(messages, async () => {
    await Promise.all(Array.from({ length: lanes }, (_, own) => lane(own)));
  });
  return { ...figures, ...quantiles(times) };
}

const bench = await open();
try {
  await link(bench);
  await flatOut(bench, 200, 4);
  console.log(`${values.rate} a second`, await steady(bench, Number(values.rate), Number(values.seconds)));
  console.log(`${values.lanes} at once`, await flatOut(bench, Number(values.messages), Number(values.lanes)));
} finally {
  await bench.service.remove();
  await bench.server.close();
}
