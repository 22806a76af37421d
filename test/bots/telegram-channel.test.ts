import { describe } from '@jest/globals';
import { channelContract } from '../contracts/channel.ts';
import { openTestStores } from '../support/stores.ts';
import { telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores();

describe.each(['polling', 'webhook'] as const)('Telegram by %s', (mode) => {
  channelContract({
    name: `Telegram by ${mode}`,
    create: async () => {
      const { server, channel } = await telegramBench(stores, { mode });
      server.users.meet(700);
      return {
        channel,
        reachable: '700',
        unreachable: '701',
        arrived: async (address) =>
          server.messages.filter(({ chat }) => String(chat) === address).map(({ text }) => text),
        fallSilent: async () => server.fault('*', { kind: 'cut', taken: true }, 100),
        limit: async () => server.fault('sendMessage', { kind: 'error', code: 429, retryAfter: 60 }),
      };
    },
  });
});
