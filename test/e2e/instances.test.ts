import { afterAll, describe, expect, it } from '@jest/globals';
import { type BotApiServer, startBotApiServer } from '../support/bot-api-server.ts';
import { createOwnStore } from '../support/own-store.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { until } from '../support/until.ts';
import { zoneAtNoon } from '../support/zone-at-noon.ts';

const TOKEN = 'a-token-of-the-owner';
const headers = { authorization: `Bearer ${TOKEN}` };
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

/** `ofFirst` is the environment that the first one has beside that of all. */
async function setUp(instances: number, ofFirst: Readonly<Record<string, string>> = {}) {
  const store = await createOwnStore();
  const telegram = await startBotApiServer();
  const services: RunningService[] = [];
  for (let made = 0; made < instances; made += 1) {
    const service = await createRunningService({
      DEMO: '0',
      MONGODB_URI: store.uri,
      ADMIN_TOKEN: TOKEN,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.root,
      TELEGRAM_WEBHOOK_SECRET: 'a-secret-word-of-telegram',
      LOG_LEVEL: 'info',
    });
    services.push(service);
    ends.push(() => service.remove());
  }
  ends.push(
    () => telegram.close(),
    () => store.remove(),
  );
  for (const service of services)
    await service.start({ PUBLIC_URL: services[0]?.origin ?? '', ...(service === services[0] && ofFirst) });
  const [first] = services;
  if (first === undefined) throw new Error('at least one');
  const put = (path: string, body: unknown) => first.must('PUT', path, body, headers);
  await put('/branches/hill', {
    name: 'Hill',
    timezone: zoneAtNoon(),
    country: 'GE',
    currency: 'GEL',
    locale: 'en',
    channels: ['telegram'],
  });
  await put('/doctors/gela', { name: 'Dr. Gelashvili', branches: ['hill'] });
  await put('/services/clean', { name: 'Teeth cleaning', durationMinutes: 30 });
  await first.must('PATCH', '/branches/hill/scenarios/details', { enabled: true }, headers);
  return { store, telegram, services, first, put };
}

/** Patients with linked chats, 2001 and on. */
async function link(first: RunningService, telegram: BotApiServer, count: number): Promise<readonly string[]> {
  const patients = Array.from({ length: count }, (_, at) => `p${at}`);
  for (const [at, patient] of patients.entries()) {
    const body = { lastName: 'Lomidze', firstName: 'Nino', phones: [`+99555500${String(at).padStart(4, '0')}`] };
    await first.must('PUT', `/patients/${patient}`, body, headers);
    const { token } = await first.must<{ token: string }>(
      'POST',
      `/patients/${patient}/links`,
      { channel: 'telegram' },
      headers,
    );
    await telegram.users.say(2001 + at, `/start ${token}`);
  }
  await until(() => new Set(telegram.messages.map(({ chat }) => chat)).size === count, {
    what: 'the links',
    withinMs: 30_000,
  });
  return patients;
}

const visitOf = (patient: string) => {
  const start = new Date(Date.now() + 5 * 24 * 3_600_000);
  return {
    patient,
    branch: 'hill',
    doctor: 'gela',
    services: ['clean'],
    start: start.toISOString(),
    end: new Date(start.getTime() + 1_800_000).toISOString(),
    status: 'unconfirmed',
  };
};

const details = (telegram: BotApiServer) => telegram.messages.filter(({ text }) => text.includes('you are booked'));

describe('Two instances of the service on one database', () => {
  it('share the messages, each goes out once, and the platform’s limit is kept by both together (fault 12)', async () => {
    const { telegram, services, first } = await setUp(2);
    const patients = await link(first, telegram, 60);
    const book = async (service: RunningService, some: readonly string[]): Promise<void> => {
      const lines = some.map((patient) => ({ type: 'appointment', key: `v-${patient}`, body: visitOf(patient) }));
      const answer = await fetch(`${service.origin}/api/v1/batch`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
        body: lines.map((line) => JSON.stringify(line)).join('\n'),
      });
      expect(answer.status).toBe(200);
    };
    await Promise.all([book(first, patients.slice(0, 30)), book(services[1] ?? first, patients.slice(30))]);
    await until(() => details(telegram).length === 60, { what: 'sixty messages', withinMs: 60_000 });
    expect(new Set(details(telegram).map(({ chat }) => chat)).size).toBe(60);
    expect(telegram.calls.filter(({ inside }) => inside)).toEqual([]);
    const sentBy = async (): Promise<readonly number[]> =>
      Promise.all(
        services.map(async ({ origin }) => {
          const figures = await (await fetch(`${origin}/metrics`)).text();
          return Number(/^zabota_messages_sent_total\{[^}]*details[^}]*\} (\d+)/m.exec(figures)?.[1] ?? 0);
        }),
      );
    await until(async () => (await sentBy()).reduce((sum, one) => sum + one, 0) === 60, { what: 'sixty records' });
    expect(Math.min(...(await sentBy()))).toBeGreaterThan(0);
  }, 180_000);
});

describe('What staff do with a channel at one instance', () => {
  it('is done by the other one, too, within seconds, and over its restart', async () => {
    const { services } = await setUp(2);
    const [first, second] = services;
    if (first === undefined || second === undefined) throw new Error('two');
    const states = async (): Promise<readonly string[]> =>
      Promise.all(
        [first, second].map(async (service) => {
          const { items } = await service.must<{ items: readonly { channel: string; state: string }[] }>(
            'GET',
            '/channels',
            undefined,
            headers,
          );
          return items.find(({ channel }) => channel === 'telegram')?.state ?? '';
        }),
      );
    const both = async (state: string) =>
      until(async () => (await states()).every((one) => one === state), { what: `both ${state}` });
    await both('up');
    await first.must('POST', '/channels/telegram/disconnect', undefined, headers);
    await both('off');
    await second.terminate();
    await second.start({ PUBLIC_URL: first.origin });
    expect(await states()).toEqual(['off', 'off']);
    await second.must('POST', '/channels/telegram/connect', undefined, headers);
    await both('up');
  }, 120_000);
});

describe('An instance that is stopped beyond its lease and goes on', () => {
  it('finds its messages taken over by the other one, and sends none of them again (fault 9)', async () => {
    const { telegram, services, first } = await setUp(2);
    const patients = await link(first, telegram, 20);
    await first.must('PUT', '/kill-switch', { on: true }, headers);
    for (const patient of patients) await first.must('PUT', `/appointments/v-${patient}`, visitOf(patient), headers);
    // All are held, so that they fall due together and this one claims them all.
    const rows = async () => {
      const path = '/messages?scenario=details&limit=200';
      const some = await (services[1] ?? first).must<{ items: readonly { status: string; reason?: string }[] }>(
        'GET',
        path,
        undefined,
        headers,
      );
      return some.items;
    };
    await until(async () => (await rows()).every(({ reason }) => reason === 'killSwitch'), { what: 'the holds' });
    await first.must('PUT', '/kill-switch', { on: false }, headers);
    await until(() => details(telegram).length > 0, { what: 'the first message' });
    process.kill(first.pid(), 'SIGSTOP');
    const beforeSleep = details(telegram).length;
    expect(beforeSleep).toBeLessThan(20);
    const claimed = (await rows()).filter(({ status }) => status === 'queued').length;
    expect(claimed).toBeGreaterThan(0);
    await until(async () => (await rows()).every(({ status }) => status === 'sent' || status === 'unknown'), {
      what: 'every message sent, or unknown',
      withinMs: 180_000,
    });
    expect(details(telegram).length).toBeGreaterThan(beforeSleep);
    process.kill(first.pid(), 'SIGCONT');
    await new Promise((resolve) => {
      setTimeout(resolve, 3_000);
    });
    const chats = details(telegram).map(({ chat }) => chat);
    expect(chats.length).toBe(new Set(chats).size);
  }, 300_000);
});

describe('An instance whose event loop stands still with claims in hand', () => {
  it.each([
    [10_000, 'sends them itself'],
    [65_000, 'finds them taken over'],
  ])(
    'for %d ms %s: each leaves once, and /readyz shows the lag (fault 10)',
    async (blockedMs) => {
      const { telegram, services, first } = await setUp(2, { BLOCK_AT: `hold:after#1@${blockedMs}` });
      const [, second = first] = services;
      const patients = await link(first, telegram, 5);
      const lag = async (of: RunningService): Promise<number> => {
        const answer = await fetch(`${of.origin}/readyz`);
        return ((await answer.json()) as { eventLoopLagMs: number }).eventLoopLagMs;
      };
      await first.must('PUT', '/kill-switch', { on: true }, headers);
      for (const patient of patients) await first.must('PUT', `/appointments/v-${patient}`, visitOf(patient), headers);
      const rows = async () =>
        (
          await second.must<{
            items: readonly { status: string; reason?: string; timeline: readonly { status: string }[] }[];
          }>('GET', '/messages?scenario=details', undefined, headers)
        ).items;
      await until(async () => (await rows()).every(({ reason }) => reason === 'killSwitch'), { what: 'the holds' });
      const released = first.call('PUT', '/kill-switch', { on: false }, headers);
      await until(async () => (await rows()).some(({ status }) => status === 'queued'), { what: 'the claims' });
      const claimed = (await rows()).filter(({ status }) => status === 'queued').length;
      expect(claimed).toBeGreaterThan(0);
      await until(() => details(telegram).length === 5, { what: 'all messages', withinMs: 120_000 });
      expect((await released).status).toBe(200);
      expect(await lag(first)).toBeGreaterThan(blockedMs - 1_000);
      expect(await lag(second)).toBeLessThan(blockedMs - 1_000);
      await until(async () => (await rows()).every(({ status }) => status === 'sent'), { what: 'every record' });
      if (blockedMs > 60_000)
        await until(() => first.output().includes('message.lost'), { what: 'what the first one finds' });
      const chats = details(telegram).map(({ chat }) => chat);
      expect(chats.length).toBe(new Set(chats).size);
      expect(
        (await rows()).map(({ timeline }) => timeline.filter(({ status }) => status === 'sending').length),
      ).toEqual([1, 1, 1, 1, 1]);
    },
    300_000,
  );
});

describe('A visit that is cancelled while a message about it is on its way to Telegram', () => {
  it('has that message taken back, and all shows in which order it came (fault 40)', async () => {
    const { telegram, first } = await setUp(1);
    await link(first, telegram, 1);
    telegram.fault('sendMessage', { kind: 'delay', ms: 3_000 });
    const called = telegram.called('sendMessage');
    const visit = visitOf('p0');
    await first.must('PUT', '/appointments/v1', visit, headers);
    await called;
    await first.must('PUT', '/appointments/v1', { ...visit, status: 'cancelled' }, headers);
    await until(() => telegram.messages.some(({ text }) => text.includes('a correction: your visit on')), {
      what: 'the correction',
    });
    const get = <T>(path: string) => first.must<T>('GET', path, undefined, headers);
    const timesOf = async (which: string): Promise<Readonly<Record<string, number>>> => {
      const { items } = await get<{ items: readonly { timeline: readonly { status: string; at: string }[] }[] }>(
        `/messages?appointment=v1&${which}`,
      );
      expect(items).toHaveLength(1);
      return Object.fromEntries((items[0]?.timeline ?? []).map(({ status, at }) => [status, Date.parse(at)]));
    };
    await until(async () => 'sent' in (await timesOf('kind=reply')), { what: 'the record' });
    const [message, correction] = [await timesOf('scenario=details'), await timesOf('kind=reply')];
    const changed = Date.parse((await get<{ changedAt: string }>('/appointments/v1')).changedAt);
    const order = [message['sending'], changed, message['sent'], correction['planned'], correction['sent']];
    expect(order).toEqual(order.toSorted((left, right) => (left ?? 0) - (right ?? 0)));
    expect(message['sent']).toBeGreaterThan(changed);
  }, 120_000);
});

describe('A service whose database goes away while it works', () => {
  it('keeps what patients write, sends nothing without a record, and goes on within seconds of its return (fault 16)', async () => {
    const { store, telegram, first, put } = await setUp(1);
    await link(first, telegram, 1);
    const before = telegram.messages.length;
    await store.kill();
    const said = telegram.users.say(2001, 'my visits');
    await new Promise((resolve) => {
      setTimeout(resolve, 8_000);
    });
    expect((await fetch(`${first.origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${first.origin}/readyz`)).status).toBe(503);
    expect(telegram.messages).toHaveLength(before);
    await store.start();
    const back = Date.now();
    await said;
    await until(() => telegram.messages.length === before + 1, { what: 'the answer', withinMs: 20_000 });
    expect(Date.now() - back).toBeLessThan(10_000);
    await put('/appointments/v1', visitOf('p0'));
    await until(() => details(telegram).length === 1, { what: 'the message', withinMs: 20_000 });
    await telegram.users.say(2001, 'help');
    await until(() => telegram.messages.length === before + 3, { what: 'the next answer', withinMs: 20_000 });
  }, 120_000);
});
