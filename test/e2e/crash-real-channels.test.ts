import { afterAll, describe, expect, it } from '@jest/globals';
import { type BotApiServer, startBotApiServer } from '../support/bot-api-server.ts';
import { openClinicDay, PHONES } from '../support/clinic-day.ts';
import { type CloudApiServer, startCloudApiServer } from '../support/cloud-api-server.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { until } from '../support/until.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

interface Row {
  readonly status: string;
  readonly attempts: number;
}

const ANNA = 1001;
const details = async (service: RunningService): Promise<readonly Row[]> =>
  (await service.must<{ items: readonly Row[] }>('GET', '/messages?scenario=details&patient=anna')).items;

/** Anna's visit is stored, and her chat is open; what is due waits for the clock. */
async function booked(service: RunningService, channel: 'whatsapp' | 'telegram', join: () => Promise<void>) {
  const nobody = simulatedPhone(service, 'sms', PHONES.boris);
  const head = { email: 'head@clinic.example' };
  const world = { service, channel, anna: nobody, boris: nobody, head, alerts: async () => [] };
  const at = await openClinicDay(world);
  await join();
  await service.must('PUT', '/appointments/a1', {
    patient: 'anna',
    branch: 'hill',
    doctor: 'gela',
    services: ['clean'],
    start: at(1, '12:00'),
    end: at(1, '12:30'),
    status: 'unconfirmed',
  });
  return {
    move: (time: string) => service.must('POST', '/demo/clock', { to: at(0, time) }),
    /** A move whose answer nobody waits for: the process dies in it. */
    moveInVain: (time: string) => void service.call('POST', '/demo/clock', { to: at(0, time) }).catch(() => undefined),
  };
}

async function overCloud(): Promise<{ service: RunningService; cloud: CloudApiServer }> {
  const cloud = await startCloudApiServer();
  const { settings } = cloud;
  const service = await createRunningService({
    DEMO_DATA: 'none',
    WHATSAPP_CLOUD_TOKEN: settings.token,
    WHATSAPP_CLOUD_PHONE_ID: settings.phoneId,
    WHATSAPP_CLOUD_ACCOUNT_ID: settings.accountId,
    WHATSAPP_CLOUD_APP_SECRET: settings.appSecret,
    WHATSAPP_CLOUD_VERIFY_TOKEN: settings.verifyToken,
    WHATSAPP_CLOUD_API_ROOT: settings.apiRoot,
  });
  ends.push(
    () => service.remove(),
    () => cloud.close(),
  );
  await service.start();
  cloud.webhooks.connect(`${service.origin}/hooks/whatsapp`);
  return { service, cloud };
}

async function overTelegram(environment: Readonly<Record<string, string>> = {}) {
  const telegram = await startBotApiServer();
  const service = await createRunningService({
    DEMO_DATA: 'none',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
  });
  ends.push(
    () => service.remove(),
    () => telegram.close(),
  );
  const own = { PUBLIC_URL: service.origin, ...environment };
  await service.start(own);
  const link = async (): Promise<void> => {
    const { token } = await service.must<{ token: string }>('POST', '/patients/anna/links', { channel: 'telegram' });
    await telegram.users.say(ANNA, `/start ${token}`);
    await telegram.sent(({ chat }) => chat === ANNA);
  };
  return { service, telegram, link, own };
}

const texts = (telegram: BotApiServer, words: string) =>
  telegram.messages.filter(({ chat, text }) => chat === ANNA && text.includes(words));
const SHOWN = 'you are booked';

describe('WhatsApp’s Cloud API, when the service is killed', () => {
  const join = (cloud: CloudApiServer) => async () => {
    cloud.say(PHONES.anna, 'hello');
    await until(() => cloud.shown(PHONES.anna).length === 1, { what: 'the menu' });
    await cloud.webhooks.idle();
  };
  const shown = (cloud: CloudApiServer) => cloud.shown(PHONES.anna).filter(({ text }) => text.includes(SHOWN));

  it('between the bytes and the answer, tells by its status that the message arrived (fault 4)', async () => {
    const { service, cloud } = await overCloud();
    const { moveInVain } = await booked(service, 'whatsapp', join(cloud));
    cloud.next('silentAfter');
    cloud.webhooks.hold(true);
    moveInVain('08:05');
    await until(() => shown(cloud).length === 1, { what: 'the message at Meta' });
    await service.kill();
    await service.start();
    expect((await details(service)).map(({ status }) => status)).toEqual(['sending']);
    cloud.webhooks.hold(false);
    await until(async () => (await details(service))[0]?.status === 'delivered', { what: 'the receipt' });
    expect(shown(cloud)).toHaveLength(1);
    expect(await service.must('GET', '/spend?branch=hill')).toMatchObject({ total: 100, reserved: 0 });
  }, 120_000);

  it('between the answer and its record, does so too (fault 5)', async () => {
    const { service, cloud } = await overCloud();
    const { moveInVain } = await booked(service, 'whatsapp', join(cloud));
    await service.kill();
    await service.start({ CRASH_AT: 'send:after-response' });
    moveInVain('08:05');
    expect(await service.ended()).toBe('SIGKILL');
    await service.start();
    await until(async () => (await details(service))[0]?.status === 'delivered', { what: 'the receipt' });
    expect(shown(cloud)).toHaveLength(1);
  }, 120_000);

  it('gently while it sends, ends with 0 and nothing unknown (fault 11)', async () => {
    const { service, cloud } = await overCloud();
    const { moveInVain } = await booked(service, 'whatsapp', join(cloud));
    cloud.next({ delayMs: 1_500 });
    moveInVain('08:05');
    await until(() => cloud.calls.length >= 2, { what: 'the call' });
    expect(await service.terminate()).toBe(0);
    await service.start();
    await until(async () => ['sent', 'delivered'].includes((await details(service))[0]?.status ?? ''), {
      what: 'the record',
    });
    expect((await details(service)).map(({ attempts }) => attempts)).toEqual([1]);
    expect(shown(cloud)).toHaveLength(1);
  }, 120_000);
});

describe('Telegram, when the service is killed', () => {
  it('between the answer and its record, gets details once more at most, before their time is over (fault 5)', async () => {
    const { service, telegram, link, own } = await overTelegram();
    const { move, moveInVain } = await booked(service, 'telegram', link);
    await service.kill();
    await service.start({ ...own, CRASH_AT: 'send:after-response' });
    moveInVain('08:05');
    expect(await service.ended()).toBe('SIGKILL');
    await service.start(own);
    await move('08:07');
    expect((await details(service)).map(({ status }) => status)).toEqual(['unknown']);
    await move('08:30');
    expect((await details(service)).map(({ status }) => status)).toEqual(['sent']);
    await move('10:00');
    expect(texts(telegram, SHOWN)).toHaveLength(2);
  }, 120_000);

  it.each(['store:after', 'handle:after'])(
    'at %s of what a patient wrote, brings it again, and it is answered once (fault 7)',
    async (point) => {
      const { service, telegram, link, own } = await overTelegram({
        TELEGRAM_WEBHOOK_SECRET: 'a-secret-word-of-telegram',
      });
      await booked(service, 'telegram', link);
      await service.kill();
      await service.start({ ...own, CRASH_AT: point });
      const before = texts(telegram, '').length;
      const said = telegram.users.say(ANNA, 'my visits');
      expect(await service.ended()).toBe('SIGKILL');
      await service.start(own);
      await said;
      await until(() => texts(telegram, '').length > before, { what: 'the answer' });
      await telegram.users.say(ANNA, 'help');
      await until(() => texts(telegram, '').length > before + 1, { what: 'the next answer' });
      expect(texts(telegram, '').length).toBe(before + 2);
    },
    120_000,
  );
});
