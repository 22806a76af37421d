import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBotApiServer } from '../test/support/bot-api-server.ts';
import { bodies } from '../test/support/clinic-bodies.ts';
import { createOwnStore } from '../test/support/own-store.ts';
import { createRunningService, type RunningService } from '../test/support/running-service.ts';
import { until } from '../test/support/until.ts';
import { zoneAtNoon } from '../test/support/zone-at-noon.ts';
import { childrenOf, processTimes } from './process-times.ts';

/**
 * How much of Telegram's 30 messages a second is used: so many scenario messages fall due at once, the service as `npm start`
 * runs it sends them, a Bot API in another process counts, with a limit of its own and 429 beyond it. The peer is the limit itself.
 * `--instances 2`: two of them on one database, whose webhooks lead to the first.
 */
const { values } = parseArgs({
  options: { messages: { type: 'string', default: '300' }, instances: { type: 'string', default: '1' } },
});
const MESSAGES = Number(values.messages);
const INSTANCES = Number(values.instances);
const PER_SECOND = 30;
const ADMIN = 'bench-admin-token-0123456789';
const FIRST_CHAT = 10_000;
const PAGE = 200;
const headers = { authorization: `Bearer ${ADMIN}` };

const server = await startBotApiServer();
const store = INSTANCES > 1 ? await createOwnStore() : null;
const others: RunningService[] = [];
const make = (): Promise<RunningService> =>
  createRunningService({
    DEMO: '0',
    ADMIN_TOKEN: ADMIN,
    TELEGRAM_BOT_TOKEN: server.token,
    TELEGRAM_API_ROOT: server.root,
    ...(store !== null && { MONGODB_URI: store.uri, TELEGRAM_WEBHOOK_SECRET: 'bench-webhook-secret-0123456789' }),
  });
const service = await make();
while (others.length < INSTANCES - 1) others.push(await make());
/** Processor ms of all instances and what they have started. */
const spent = (): number =>
  childrenOf(process.pid)
    .flatMap((pid) => [...processTimes(pid).values()])
    .reduce((sum, ms) => sum + ms, 0);
const put = (path: string, body: unknown): Promise<unknown> => service.must('PUT', path, body, headers);

/** Details that wait for the switch, of the first page. */
async function held(): Promise<number> {
  const path = `/messages?scenario=details&limit=${PAGE}`;
  const { items } = await service.must<{ items: readonly { reason?: string }[] }>('GET', path, undefined, headers);
  return items.filter(({ reason }) => reason === 'killSwitch').length;
}

try {
  for (const each of [service, ...others]) await each.start(store === null ? {} : { PUBLIC_URL: service.origin });
  await put('/branches/hill', bodies.branch({ timezone: zoneAtNoon(), channels: ['telegram'] }));
  await put('/doctors/d1', bodies.doctor());
  await put('/services/clean', bodies.service());
  await service.must('PATCH', '/branches/hill/scenarios/details', { enabled: true }, headers);
  for (let at = 0; at < MESSAGES; at += 1) {
    await put(`/patients/p${at}`, bodies.patient({ phones: [`+9955551${String(at).padStart(5, '0')}`] }));
    const link = await service.must<{ token: string }>(
      'POST',
      `/patients/p${at}/links`,
      { channel: 'telegram' },
      headers,
    );
    await server.users.say(FIRST_CHAT + at, `/start ${link.token}`);
  }
  await until(() => server.messages.length >= MESSAGES, { withinMs: 120_000, what: 'the links' });
  const linked = server.messages.length;
  const start = new Date(Date.now() + 5 * 86_400_000);
  const time = { start: start.toISOString(), end: new Date(start.getTime() + 1_800_000).toISOString() };
  const lines = Array.from({ length: MESSAGES }, (_, at) =>
    JSON.stringify({ type: 'appointment', key: `a${at}`, body: bodies.appointment({ patient: `p${at}`, ...time }) }),
  );
  // All fall due together: they are held until everything is booked.
  await put('/kill-switch', { on: true });
  const booked = await fetch(`${service.origin}/api/v1/batch`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  const answers = await booked.text();
  if (booked.status !== 200 || /"error"/.test(answers))
    throw new Error(`The batch answered ${booked.status}: ${answers.slice(0, 300)}`);
  // A row that is being decided while the switch is released waits for its next look, ten minutes later.
  await until(async () => (await held()) === Math.min(MESSAGES, PAGE), { withinMs: 60_000, what: 'the holds' });
  const before = spent();
  await put('/kill-switch', { on: false });
  await until(() => server.messages.length >= linked + MESSAGES, {
    withinMs: 60_000 + MESSAGES * 100,
    what: 'the messages',
  });
  const spentMs = spent() - before;
  const sent = server.messages.slice(linked);
  const seconds = ((sent.at(-1)?.atMs ?? 0) - (sent[0]?.atMs ?? 0)) / 1000;
  console.log({
    messages: sent.length,
    'messages/s': ((sent.length - 1) / seconds).toFixed(2),
    'use of the limit': ((sent.length - 1) / seconds / PER_SECOND).toFixed(3),
    'met 429': server.calls.filter(({ method }) => method === 'sendMessage').length - server.messages.length,
    'calls inside a retry_after': server.calls.filter(({ inside }) => inside).length,
    'CPU ms a message': (spentMs / MESSAGES).toFixed(1),
    load: loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  });
} finally {
  for (const each of [service, ...others]) await each.remove();
  await store?.remove();
  await server.close();
}
