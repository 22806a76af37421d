import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../../src/app.ts';
import { browserProgram } from '../support/browser.ts';
import { type DayPhone, numberedChoices, PHONES, playClinicDay } from '../support/clinic-day.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { until } from '../support/until.ts';
import { startWhatsappWebPage } from '../support/whatsapp-web-page.ts';

const page = await startWhatsappWebPage();
const dataDir = await mkdtemp(join(tmpdir(), 'zabota-web-'));
// In this process: no setting of the environment leads the browser to another page.
const app = await startApp({
  host: '127.0.0.1',
  port: 0,
  dataDir,
  mongodbUri: null,
  demo: true,
  sampleClinic: false,
  adminToken: 'demo',
  publicUrl: null,
  logLevel: 'warn',
  channels: {
    telegram: null,
    whatsappCloud: null,
    twilio: null,
    mail: null,
    whatsappWeb: {
      chromiumPath: await browserProgram(),
      sessionDir: join(dataDir, 'whatsapp-web'),
      pairWith: null,
      polls: false,
      page: page.page,
      pace: { perSecond: 20, perChatMs: 0 },
      chromiumArgs: ['--disable-features=LocalNetworkAccessChecks'],
    },
  },
});

afterAll(async () => {
  await app.stop();
  await page.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function must<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${app.server.info.port}/api/v1${path}`, {
    method,
    headers: {
      authorization: 'Bearer demo',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 400)}`);
  return JSON.parse(text) as T;
}

function phoneOf(number: string): DayPhone {
  const digits = number.slice(1);
  const texts = () => page.sent.filter(({ chat }) => chat === `${digits}@c.us`).map(({ text }) => text);
  const say = async (text: string): Promise<void> => {
    await page.say({ from: digits, text });
  };
  return {
    seen: async () => texts().map((text) => ({ text, choices: numberedChoices(text) })),
    say,
    async choose(title) {
      const offer = texts().findLast((text) => numberedChoices(text).includes(title));
      if (offer === undefined) throw new Error(`Nothing offers ${title}`);
      await say(String(numberedChoices(offer).indexOf(title) + 1));
    },
  };
}

describe('The clinic day', () => {
  it('runs over a linked phone, through the real whatsapp-web.js in a real Chromium', async () => {
    const channel = async () =>
      (await must<{ items: readonly { channel: string; state: string; detail?: string }[] }>('GET', '/channels'))
        .items[0];
    await until(async () => (await channel())?.detail?.startsWith('qr:') ?? false, {
      what: 'the code',
      withinMs: 60_000,
    });
    await page.link();
    await until(async () => (await channel())?.state === 'up', { what: 'the link', withinMs: 60_000 });
    const mailbox = simulatedPhone({ must }, 'email', 'head@clinic.example');
    await playClinicDay({
      service: { must },
      channel: 'whatsapp',
      anna: phoneOf(PHONES.anna),
      boris: phoneOf(PHONES.boris),
      head: { email: 'head@clinic.example' },
      alerts: async () => (await mailbox.seen()).map(({ text }) => text),
    });
    expect(page.sent.every(({ text }) => text !== '')).toBe(true);
  }, 240_000);
});
