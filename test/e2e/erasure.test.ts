import { appendFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { startBotApiServer } from '../support/bot-api-server.ts';
import { openClinicDay } from '../support/clinic-day.ts';
import { startCloudApiServer } from '../support/cloud-api-server.ts';
import { createOwnStore } from '../support/own-store.ts';
import { createRunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { filesText, storedTexts } from '../support/stored-text.ts';
import { until } from '../support/until.ts';

const PHONE = '+995577345678';
const CHAT = 7_001_234_567;
const MAIL = 'zametova@brandmark.example';
/** What is found nowhere once the patient is erased. */
const MARKS = ['Приметина', 'Заметова', 'brandmark', 'клеймо', '995577345678', String(CHAT)];

const cloud = await startCloudApiServer();
const telegram = await startBotApiServer();
const store = await createOwnStore();
const service = await createRunningService({
  DEMO: '1',
  LOG_LEVEL: 'debug',
  DEMO_DATA: 'none',
  MONGODB_URI: store.uri,
  WHATSAPP_CLOUD_TOKEN: cloud.settings.token,
  WHATSAPP_CLOUD_PHONE_ID: cloud.settings.phoneId,
  WHATSAPP_CLOUD_ACCOUNT_ID: cloud.settings.accountId,
  WHATSAPP_CLOUD_APP_SECRET: cloud.settings.appSecret,
  WHATSAPP_CLOUD_VERIFY_TOKEN: cloud.settings.verifyToken,
  WHATSAPP_CLOUD_API_ROOT: cloud.settings.apiRoot,
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.root,
});
afterAll(async () => {
  await service.remove();
  await Promise.all([cloud.close(), telegram.close(), store.remove()]);
});

const spool = join(service.dataDir, 'spool');

async function say(text: string): Promise<void> {
  const before = cloud.shown(PHONE).length;
  cloud.say(PHONE, text);
  await cloud.webhooks.idle();
  await until(() => cloud.shown(PHONE).length > before, { what: `an answer to ${text}` });
  await cloud.webhooks.idle();
}

/** Whatever may be kept of a patient: from before they were known to what lies on disk while the database is away. */
async function aPatientsYear(): Promise<void> {
  await mkdir(spool, { recursive: true });
  const refused = {
    id: 'u1',
    from: { channel: 'whatsapp', address: PHONE },
    at: new Date(),
    body: { kind: 'text', text: 'клеймо' },
  };
  await appendFile(join(spool, 'refused.ndjson'), `\n${JSON.stringify(refused)}`);
  await service.start();
  cloud.webhooks.connect(`${service.origin}/hooks/whatsapp`);
  await say('у меня клеймо');
  const head = { email: 'head@clinic.example' };
  const nobody = simulatedPhone(service, 'sms', '+995555000009');
  const at = await openClinicDay({
    service,
    channel: 'whatsapp',
    anna: nobody,
    boris: nobody,
    head,
    alerts: async () => [],
  });
  await service.must('PUT', '/patients/anna', {
    lastName: 'Заметова',
    firstName: 'Приметина',
    phones: [PHONE],
    email: MAIL,
  });

  const {
    id: _id,
    changedAt: _at,
    changedBy: _by,
    ...branch
  } = await service.must<Record<string, unknown>>('GET', '/branches/hill');
  await service.must('PUT', '/branches/hill', { ...branch, channels: ['whatsapp', 'telegram'] });
  await service.must('PATCH', '/branches/hill/scenarios/reminder', { settings: { channels: ['telegram'] } });

  const { token } = await service.must<{ token: string }>('POST', '/patients/anna/links', { channel: 'telegram' });
  await telegram.users.say(CHAT, 'клеймо?');
  await telegram.users.say(CHAT, `/start ${token}`);
  await telegram.users.shareContact(CHAT, PHONE);
  await telegram.users.say(CHAT, 'my visits');
  await until(() => telegram.messages.filter(({ chat }) => chat === CHAT).length >= 3, { what: 'answers in Telegram' });

  const visit = (status: string) => ({
    patient: 'anna',
    branch: 'hill',
    doctor: 'gela',
    services: ['clean'],
    start: at(1, '12:00'),
    end: at(1, '12:30'),
    status,
    notes: 'клеймо',
  });
  const to = (moment: string) => service.must('POST', '/demo/clock', { to: moment });
  await service.must('PUT', '/appointments/a1', visit('unconfirmed'));
  cloud.next('cutAfter');
  await to(at(0, '08:05'));
  await to(at(0, '12:01'));
  await say('yes, I will come');
  await to(at(1, '10:01'));
  await telegram.sent(({ chat, text }) => chat === CHAT && text.includes('12:00'));
  await to(at(1, '12:35'));
  await say('my visits');
  await service.must('PUT', '/appointments/a1', visit('completed'));
  await to(at(1, '15:31'));
  await say('2');
  await say('клеймо, brandmark');
  await simulatedPhone(service, 'sms', PHONE).say('help');
  await simulatedPhone(service, 'email', MAIL).say('клеймо');
  await say('stop');

  await store.kill();
  const said = telegram.users.say(CHAT, 'а клеймо?');
  await until(async () => (await readdir(spool)).length > 1, { what: 'the spool', withinMs: 20_000 });
  await said;
  await service.kill();
  await store.start();
  await service.start();
  await until(async () => (await readdir(spool)).length === 1, { what: 'the end of the spool' });
  await cloud.webhooks.idle();
}

describe('An erased patient', () => {
  it('is in no collection and no file any more: no name, number, chat, word, nor an id that has the number in it', async () => {
    await aPatientsYear();
    const connection = await mongoose.createConnection(store.uri).asPromise();
    const db = connection.getClient().db();
    const marked = async (): Promise<readonly string[]> => {
      const texts = [...(await storedTexts(db)), ['(files)', await filesText(service.dataDir)] as const];
      return texts.filter(([, text]) => MARKS.some((mark) => text.includes(mark))).map(([name]) => name);
    };
    const before = await marked();
    await service.must('DELETE', '/patients/anna/personal-data');
    const after = await marked();
    const log = MARKS.filter((mark) => service.output().includes(mark));
    await connection.close();
    expect([before.toSorted(), after, log]).toEqual([
      [
        '(files)',
        'appointments',
        'conversations',
        'identities',
        'inbound',
        'link-tokens',
        'messages',
        'paces',
        'patients',
        'refusals',
        'simulated-lines',
        'surveys',
      ],
      [],
      [],
    ]);
  }, 180_000);
});
