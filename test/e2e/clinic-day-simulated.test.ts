import { afterAll, describe, it } from '@jest/globals';
import { PHONES, playClinicDay } from '../support/clinic-day.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';

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
