import { afterAll, describe, expect, it } from '@jest/globals';
import { startCloudApiServer } from '../support/cloud-api-server.ts';
import { createRunningService } from '../support/running-service.ts';
import { until } from '../support/until.ts';
import { zoneAtNoon } from '../support/zone-at-noon.ts';

const TOKEN = 'a-token-of-the-owner';
const headers = { authorization: `Bearer ${TOKEN}` };
const PATIENTS = 30;
/** Milliseconds that each process lives; more of them by hand: `KILLS=60 npm test -- test/e2e/kill-loop`. */
const LIVES = Array.from({ length: Number(process.env['KILLS'] ?? 5) }, (_, at) => 400 + ((at * 7_919) % 1_400));

const cloud = await startCloudApiServer();
const { settings } = cloud;
const service = await createRunningService({
  DEMO: '0',
  ADMIN_TOKEN: TOKEN,
  WHATSAPP_CLOUD_TOKEN: settings.token,
  WHATSAPP_CLOUD_PHONE_ID: settings.phoneId,
  WHATSAPP_CLOUD_ACCOUNT_ID: settings.accountId,
  WHATSAPP_CLOUD_APP_SECRET: settings.appSecret,
  WHATSAPP_CLOUD_VERIFY_TOKEN: settings.verifyToken,
  WHATSAPP_CLOUD_API_ROOT: settings.apiRoot,
});

afterAll(async () => {
  await service.remove();
  await cloud.close();
});

const phone = (at: number): string => `+99555510${String(at).padStart(4, '0')}`;
const shown = (at: number, words: string) => cloud.shown(phone(at)).filter(({ text }) => text.includes(words)).length;
const each = <T>(of: (at: number) => T): readonly T[] => Array.from({ length: PATIENTS }, (_, at) => of(at));

const BOOKED = 'you are booked';

interface Row {
  readonly status: string;
  readonly patient: string;
}

/** The messages about bookings, or the answers in the chats. */
async function rows(kind: 'scenario' | 'reply'): Promise<readonly Row[]> {
  const { items } = await service.must<{ items: readonly Row[] }>(
    'GET',
    `/messages?kind=${kind}${kind === 'scenario' ? '&scenario=details' : ''}&limit=200`,
    undefined,
    headers,
  );
  return items;
}

/** As the clinic's system does: repeats a call until it is answered; all of them are idempotent. */
async function insist(path: string, body: unknown): Promise<void> {
  await until(
    async () => {
      const answer = await service.call('PUT', path, body, headers).catch(() => null);
      return answer !== null && answer.status < 300;
    },
    { what: `PUT ${path}`, withinMs: 120_000 },
  );
}

describe('A service that is killed again and again while messages and answers are under way', () => {
  it('loses nothing and sends nothing twice', async () => {
    await service.start();
    cloud.webhooks.connect(`${service.origin}/hooks/whatsapp`);
    const branch = {
      name: 'Hill',
      timezone: zoneAtNoon(),
      country: 'GE',
      currency: 'GEL',
      locale: 'en',
      channels: ['whatsapp'],
    };
    await insist('/branches/hill', branch);
    await insist('/doctors/gela', { name: 'Dr. Gelashvili', branches: ['hill'] });
    await insist('/services/clean', { name: 'Teeth cleaning', durationMinutes: 30 });
    const topUp = { ...headers, 'idempotency-key': 'first' };
    await service.must('POST', '/branches/hill/balance/top-ups', { amount: 100_000 }, topUp);
    await service.must('PATCH', '/branches/hill/scenarios/details', { enabled: true }, headers);
    for (let at = 0; at < PATIENTS; at += 1) {
      await insist(`/patients/p${at}`, { lastName: 'Lomidze', firstName: 'Nino', phones: [phone(at)] });
      cloud.say(phone(at), 'hello');
    }
    await until(() => each((at) => shown(at, '')).every((count) => count === 1), {
      what: 'the menus',
      withinMs: 60_000,
    });
    cloud.always({ delayMs: 120 });

    const start = new Date(Date.now() + 5 * 24 * 3_600_000);
    const time = { start: start.toISOString(), end: new Date(start.getTime() + 1_800_000).toISOString() };
    const visit = { branch: 'hill', doctor: 'gela', services: ['clean'], status: 'unconfirmed', ...time };
    const booking = (async () => {
      for (let at = 0; at < PATIENTS; at += 1) {
        await insist(`/appointments/a${at}`, { ...visit, patient: `p${at}` });
        cloud.say(phone(at), 'language');
      }
    })();
    for (const life of LIVES) {
      await new Promise((resolve) => {
        setTimeout(resolve, life);
      });
      await service.kill();
      await service.start();
    }
    cloud.always(null);
    await booking;
    await cloud.webhooks.idle();
    // What a kill met between its record and the wire is unknown for ten minutes; the rest has arrived, and is known to have.
    const ENDED = ['delivered', 'read', 'unknown'];
    await until(
      async () => {
        const [told, answered] = [await rows('scenario'), await rows('reply')];
        const all = [...told, ...answered];
        return (
          told.length === PATIENTS &&
          answered.length === PATIENTS * 2 &&
          all.every(({ status }) => ENDED.includes(status))
        );
      },
      { what: 'every message arrived, or unknown', withinMs: 120_000 },
    );
    for (const kind of ['scenario', 'reply'] as const) {
      const unknown = (await rows(kind)).filter(({ status }) => status === 'unknown').map(({ patient }) => patient);
      expect(unknown.length).toBeLessThanOrEqual(LIVES.length);
      const arrived = each((at) => (kind === 'scenario' ? shown(at, BOOKED) : shown(at, '') - shown(at, BOOKED)));
      const due = kind === 'scenario' ? 1 : 2;
      expect(arrived).toEqual(each((at) => due - unknown.filter((patient) => patient === `p${at}`).length));
      if (kind === 'scenario')
        expect(await service.must('GET', '/spend?branch=hill', undefined, headers)).toMatchObject({
          total: (PATIENTS - unknown.length) * 100,
          reserved: unknown.length * 100,
        });
    }
  }, 600_000);
});
