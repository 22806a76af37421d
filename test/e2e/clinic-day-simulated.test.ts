import { afterAll, describe, it } from '@jest/globals';
import { type DayPhone, numberedChoices, PHONES, playClinicDay } from '../support/clinic-day.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';

/** A phone of the demo. */
function simulatedPhone(service: RunningService, channel: string, address: string): DayPhone {
  const path = `/demo/chats/${channel}/${encodeURIComponent(address)}/messages`;
  interface Line {
    readonly from: string;
    readonly text: string;
    readonly choices?: readonly { readonly id: string; readonly title: string }[];
  }
  const lines = async () =>
    (await service.must<{ items: readonly Line[] }>('GET', `${path}?limit=200`)).items.filter(
      ({ from }) => from === 'bot',
    );
  return {
    seen: async () =>
      (await lines()).map(({ text, choices = [] }) => ({
        text,
        choices: choices.length > 0 ? choices.map(({ title }) => title) : numberedChoices(text),
      })),
    say: async (text) => {
      await service.must('POST', path, { text });
    },
    async choose(title) {
      for (const { text, choices = [] } of (await lines()).toReversed()) {
        const choice = choices.find((one) => one.title === title);
        if (choice !== undefined) return void (await service.must('POST', path, { choice: choice.id }));
        const place = numberedChoices(text).indexOf(title);
        if (place >= 0) return void (await service.must('POST', path, { text: String(place + 1) }));
      }
      throw new Error(`Nothing offers ${title}`);
    },
  };
}

describe('The clinic day', () => {
  const services: RunningService[] = [];
  afterAll(() => Promise.all(services.map((service) => service.remove())));

  it.each(['whatsapp', 'sms'] as const)(
    'runs over simulated %s',
    async (channel) => {
      const service = await createRunningService({ DEMO_DATA: 'none' });
      services.push(service);
      await service.start();
      const mailbox = simulatedPhone(service, 'email', 'head@clinic.example');
      await playClinicDay({
        service,
        channel,
        anna: simulatedPhone(service, channel, PHONES.anna),
        boris: simulatedPhone(service, channel, PHONES.boris),
        head: { email: 'head@clinic.example' },
        alerts: async () => (await mailbox.seen()).map(({ text }) => text),
      });
    },
    120_000,
  );
});
