import { afterAll, describe, expect, it } from '@jest/globals';
import { openClinicDay, PHONES, playClinicDay } from '../support/clinic-day.ts';
import { startMailServer } from '../support/mail-server.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { simulatedPhone } from '../support/simulated-phone.ts';
import { startTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';

const smtp = await startMailServer();
const twilio = await startTwilioServer();
const services: RunningService[] = [];

async function serviceWith(environment: Readonly<Record<string, string>>): Promise<RunningService> {
  const service = await createRunningService({
    DEMO_DATA: 'none',
    SMTP_URL: smtp.url,
    MAIL_FROM: 'clinic@mail.example',
    ...environment,
  });
  services.push(service);
  await service.start();
  return service;
}

afterAll(async () => {
  await Promise.all(services.map((service) => service.remove()));
  await smtp.stop();
  await twilio.stop();
});

describe('The clinic day', () => {
  it('tells the head of a low score over real SMTP, the comment in the same thread', async () => {
    const service = await serviceWith({});
    const own = () => smtp.arrived.filter(({ to }) => to === 'head@clinic.example');
    await playClinicDay({
      service,
      channel: 'whatsapp',
      anna: simulatedPhone(service, 'whatsapp', PHONES.anna),
      boris: simulatedPhone(service, 'whatsapp', PHONES.boris),
      head: { email: 'head@clinic.example' },
      alerts: async () => own().map(({ words }) => words),
    });
    const [first, second] = own();
    expect(second?.headers['references'] ?? second?.headers['in-reply-to']).toBeDefined();
    expect(first?.headers['message-id']).not.toBe(second?.headers['message-id']);
  }, 120_000);

  it('runs one way over e-mail and voice: details, question and reminder arrive, with the visit for the calendar', async () => {
    const { settings } = twilio;
    const service = await serviceWith({
      TWILIO_ACCOUNT_SID: settings.accountSid,
      TWILIO_AUTH_TOKEN: settings.authToken,
      TWILIO_FROM: settings.from,
      TWILIO_API_ROOT: settings.apiRoot,
    });
    const nobody = simulatedPhone(service, 'whatsapp', PHONES.anna);
    const at = await openClinicDay({
      service,
      channel: 'email',
      anna: nobody,
      boris: nobody,
      head: { email: 'head@clinic.example' },
      alerts: async () => [],
    });
    await service.must('PUT', '/patients/clara', {
      lastName: 'Lomidze',
      firstName: 'Clara',
      phones: ['+995555000008'],
      email: 'clara@patients.example',
    });
    await service.must('PATCH', '/branches/hill/scenarios/reminder', { settings: { channels: ['email', 'voice'] } });
    await service.must('PUT', '/patients/david', {
      lastName: 'Lomidze',
      firstName: 'David',
      phones: ['+995555000009'],
      channel: 'voice',
    });
    for (const patient of ['clara', 'david'] as const)
      await service.must('PUT', `/appointments/${patient}`, {
        patient,
        branch: 'hill',
        doctor: 'gela',
        services: ['clean'],
        start: at(1, '12:00'),
        end: at(1, '12:30'),
        status: 'unconfirmed',
      });
    await service.must('POST', '/demo/clock', { to: at(1, '10:01') });
    const own = () => smtp.arrived.filter(({ to }) => to === 'clara@patients.example');
    await until(() => own().length === 3 && twilio.calls.length === 1, { what: 'three mails and a call' });
    expect(own().map(({ headers }) => headers['subject'])).toHaveLength(3);
    expect(own()[0]?.raw).toMatch(/BEGIN:VCALENDAR|text\/calendar/);
    expect(own()[0]?.headers['list-unsubscribe']).toBeDefined();
    expect(twilio.calls[0]?.form['Twiml']).toContain('David');
  }, 120_000);
});
