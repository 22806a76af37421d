import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type DayPhone, PHONES, playClinicDay } from '../support/clinic-day.ts';
import { type CloudApiServer, startCloudApiServer } from '../support/cloud-api-server.ts';
import { createRunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';

const run = promisify(execFile);
const cloud = await startCloudApiServer();
const { settings } = cloud;
const environment = {
  DEMO: '1',
  DEMO_DATA: 'none',
  WHATSAPP_CLOUD_TOKEN: settings.token,
  WHATSAPP_CLOUD_PHONE_ID: settings.phoneId,
  WHATSAPP_CLOUD_ACCOUNT_ID: settings.accountId,
  WHATSAPP_CLOUD_APP_SECRET: settings.appSecret,
  WHATSAPP_CLOUD_VERIFY_TOKEN: settings.verifyToken,
  WHATSAPP_CLOUD_API_ROOT: settings.apiRoot,
};
const service = await createRunningService(environment);

afterAll(async () => {
  await service.remove();
  await cloud.close();
});

function phoneOf(platform: CloudApiServer, number: string): DayPhone {
  return {
    seen: async () =>
      platform.shown(number).map(({ text, choices }) => ({ text, choices: choices.map(({ title }) => title) })),
    say: async (text) => {
      platform.say(number, text);
      await platform.webhooks.idle();
    },
    choose: async (title) => {
      platform.tap(number, title);
      await platform.webhooks.idle();
    },
  };
}

describe('The clinic day', () => {
  it('runs over WhatsApp’s Cloud API: approved templates first, buttons and lists inside the 24 hours', async () => {
    await run(process.execPath, ['--import', 'tsx', 'src/main.ts', 'templates', 'submit'], {
      env: { ...process.env, ...environment, DATA_DIR: service.dataDir },
    });
    cloud.templates.approveAll();
    await service.start();
    cloud.webhooks.connect(`${service.origin}/hooks/whatsapp`);
    const mailbox = simulatedPhone(service, 'email', 'head@clinic.example');
    await playClinicDay({
      service,
      channel: 'whatsapp',
      anna: phoneOf(cloud, PHONES.anna),
      boris: phoneOf(cloud, PHONES.boris),
      head: { email: 'head@clinic.example' },
      alerts: async () => (await mailbox.seen()).map(({ text }) => text),
    });
    const how = cloud.shown(PHONES.anna).map((one) => one.how);
    expect(how[0]).toBe('template');
    expect(how).toContain('button');
    expect(cloud.shown(PHONES.boris).map((one) => one.how)).toContain('list');
  }, 180_000);
});
