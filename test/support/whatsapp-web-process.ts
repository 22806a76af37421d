import { createWhatsappWeb } from '../../src/bots/whatsapp-web/channel.ts';
import type { WhatsappWebSettings } from '../../src/core/channel-settings.ts';
import { createNewId, every, pause, systemClock, wallClock } from '../../src/system.ts';

/** The channel alone in a process of its own, to be killed: settings as JSON in the first argument. */
const settings = JSON.parse(process.argv[2] ?? '{}') as WhatsappWebSettings;
const facts = new Map<string, string>();
const { channel } = createWhatsappWeb(settings, {
  clock: systemClock,
  wall: wallClock,
  newId: createNewId(),
  chance: () => 0.5,
  pause,
  every,
  memory: {
    get: async (_, key) => facts.get(key) ?? null,
    set: async (_, key, value) => void facts.set(key, value),
    keysOf: async (_, value) => [...facts].filter(([, kept]) => kept === value).map(([key]) => key),
    forget: async (_, key) => void facts.delete(key),
  },
  taps: {
    read: async () => ({ kind: 'choice', choice: 'unknown' }),
    titled: async () => null,
    messageOf: async () => null,
    addressOf: async () => null,
  },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
});
await channel.start({
  received: async () => undefined,
  receipt: async () => undefined,
  closed: async () => undefined,
});
