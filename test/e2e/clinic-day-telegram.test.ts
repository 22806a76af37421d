import { afterAll, describe, expect, it } from '@jest/globals';
import { type BotApiServer, startBotApiServer } from '../support/bot-api-server.ts';
import { type DayPhone, playClinicDay } from '../support/clinic-day.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';

const USERS = { anna: 1001, boris: 1002, head: 900 } as const;

/** The buttons under a message of the bot, whichever keyboard they are in. */
function titlesOf(params: Readonly<Record<string, unknown>>): readonly string[] {
  const raw = params['reply_markup'];
  const markup = (typeof raw === 'string' ? JSON.parse(raw) : (raw ?? {})) as {
    readonly inline_keyboard?: readonly (readonly { readonly text: string }[])[];
  };
  return (markup.inline_keyboard ?? []).flat().map(({ text }) => text);
}

function telegramPhone(telegram: BotApiServer, user: number): DayPhone {
  const own = () => telegram.messages.filter(({ chat }) => chat === user);
  return {
    seen: async () => own().map(({ text, params }) => ({ text, choices: titlesOf(params) })),
    say: (text) => telegram.users.say(user, text),
    async choose(title) {
      const offer = own().findLast(({ params }) => titlesOf(params).includes(title));
      if (offer === undefined) throw new Error(`Nothing offers ${title}`);
      await telegram.users.tap(user, offer.message, title);
    },
  };
}

describe('The clinic day', () => {
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it.each([
    ['long polling', {}],
    ['a webhook', { TELEGRAM_WEBHOOK_SECRET: 'a-secret-word-of-telegram' }],
  ])(
    'runs over Telegram by %s, through the real grammY',
    async (_how, environment: Record<string, string>) => {
      const telegram = await startBotApiServer();
      const service: RunningService = await createRunningService({
        DEMO_DATA: 'none',
        TELEGRAM_BOT_TOKEN: telegram.token,
        TELEGRAM_API_ROOT: telegram.root,
      });
      ends.push(async () => {
        await service.remove();
        await telegram.close();
      });
      await service.start({ PUBLIC_URL: service.origin, ...environment });
      telegram.users.meet(USERS.head);
      await playClinicDay({
        service,
        channel: 'telegram',
        anna: telegramPhone(telegram, USERS.anna),
        boris: telegramPhone(telegram, USERS.boris),
        head: { telegram: String(USERS.head) },
        alerts: async () => telegram.messages.filter(({ chat }) => chat === USERS.head).map(({ text }) => text),
        async join(patient) {
          const link = await service.must<{ url: string; token: string }>('POST', `/patients/${patient}/links`, {
            channel: 'telegram',
          });
          expect(link.url).toBe(`https://t.me/clinic_bot?start=${link.token}`);
          await telegram.users.say(USERS[patient], `/start ${link.token}`);
        },
      });
      expect(telegram.calls.filter(({ inside }) => inside)).toEqual([]);
    },
    120_000,
  );
});
