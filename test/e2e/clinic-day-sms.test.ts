import { afterAll, describe, expect, it } from '@jest/globals';
import { type DayPhone, numberedChoices, PHONES, playClinicDay } from '../support/clinic-day.ts';
import { createRunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.ts';

const twilio = await startTwilioServer();
const { settings } = twilio;
const service = await createRunningService({
  DEMO_DATA: 'none',
  TWILIO_ACCOUNT_SID: settings.accountSid,
  TWILIO_AUTH_TOKEN: settings.authToken,
  TWILIO_FROM: settings.from,
  TWILIO_API_ROOT: settings.apiRoot,
  PUBLIC_URL: settings.publicUrl ?? '',
});
twilio.door = service.origin;

afterAll(async () => {
  await service.remove();
  await twilio.stop();
});

let written = 0;

function phoneOf(platform: TwilioServer, number: string): DayPhone {
  const texts = () =>
    platform.messages.filter(({ form }) => form['To'] === number).map(({ form }) => form['Body'] ?? '');
  const say = async (text: string): Promise<void> => {
    written += 1;
    await platform.write(number, { MessageSid: `SM${String(written).padStart(32, '0')}`, Body: text });
  };
  return {
    seen: async () => texts().map((text) => ({ text, choices: numberedChoices(text) })),
    say,
    async choose(title) {
      const place = numberedChoices(texts().findLast((text) => numberedChoices(text).includes(title)) ?? '').indexOf(
        title,
      );
      if (place < 0) throw new Error(`Nothing offers ${title}`);
      await say(String(place + 1));
    },
  };
}

describe('The clinic day', () => {
  it('runs over SMS, answered by numbers and by words', async () => {
    await service.start();
    const mailbox = simulatedPhone(service, 'email', 'head@clinic.example');
    await playClinicDay({
      service,
      channel: 'sms',
      anna: phoneOf(twilio, PHONES.anna),
      boris: phoneOf(twilio, PHONES.boris),
      head: { email: 'head@clinic.example' },
      alerts: async () => (await mailbox.seen()).map(({ text }) => text),
    });
    const [first] = twilio.messages;
    if (first === undefined) throw new Error('nothing was sent');
    await twilio.callback(first, { MessageStatus: 'delivered' });
    const { items } = await service.must<{ items: readonly { status: string }[] }>('GET', '/messages?status=delivered');
    expect(items).toHaveLength(1);
  }, 120_000);
});
