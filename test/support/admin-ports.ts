import type { AdminDependencies, DemoPorts } from '../../src/admin/dependencies.ts';
import type { ScenarioCard } from '../../src/core/card.ts';
import type { ChannelsHealth } from '../../src/core/channel.ts';
import { CHANNELS } from '../../src/core/channel-name.ts';
import { DEFAULT_SETTINGS } from '../../src/core/default-settings.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Hook, HookName } from '../../src/core/hook.ts';
import { BRANCH_SCENARIOS, blockOf, type ScenarioKey } from '../../src/core/scenario.ts';
import type { SimulatedMessage } from '../../src/core/simulator.ts';

/** The other rooms as the admin sees them, each answering the plainest thing; a test puts its own function in a place. */
export interface AdminPorts {
  cards: Open<AdminDependencies['cards']>;
  why: Open<AdminDependencies['why']>;
  previewer: Open<AdminDependencies['previewer']>;
  inbox: Open<AdminDependencies['inbox']>;
  desk: Open<AdminDependencies['desk']>;
  lookAtPlanned: AdminDependencies['lookAtPlanned'];
  health: AdminDependencies['health'];
  readonly channelControl: AdminDependencies['channelControl'];
  readonly hooks: Map<HookName, Hook>;
  ready: AdminDependencies['ready'];
  demo: { replay: Open<DemoPorts['replay']>; simulator: Open<DemoPorts['simulator']>; reset: DemoPorts['reset'] };
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

export function buildCard(
  branch: string | null,
  key: ScenarioKey,
  overrides: Partial<ScenarioCard> = {},
): ScenarioCard {
  return {
    key,
    branch,
    block: blockOf(key),
    enabled: false,
    state: 'off',
    problems: [],
    fixes: [],
    price: 100,
    prices: { whatsapp: 100, sms: 400 },
    settings: DEFAULT_SETTINGS[key],
    sent: 0,
    delivered: 0,
    read: 0,
    failed: 0,
    skipped: {},
    outcomes: {},
    spend: 0,
    next7Days: 0,
    last7Days: 0,
    ...overrides,
  };
}

export function buildLine(overrides: Partial<SimulatedMessage> = {}): SimulatedMessage {
  return {
    id: 'line-1',
    at: { channel: 'whatsapp', address: '+995555123456' },
    from: 'bot',
    sentAt: new Date('2026-11-23T05:00:00Z'),
    text: 'See you!',
    choices: [],
    status: 'sent',
    ...overrides,
  };
}

const since = new Date('2026-11-23T00:00:00Z');

export function buildHealth(): ChannelsHealth {
  return Object.fromEntries(CHANNELS.map((channel) => [channel, { state: 'up', since }])) as unknown as ChannelsHealth;
}

export function adminPorts(): AdminPorts {
  let now = new Date('2026-11-23T05:00:00Z');
  let running = false;
  return {
    cards: {
      card: async (branch, key) => buildCard(branch, key),
      ofBranch: async (branch) => BRANCH_SCENARIOS.map((key) => buildCard(branch, key)),
      overview: async () => ({
        state: 'off',
        working: 0,
        total: 10,
        share: 0,
        blocks: { warming: { working: 0, total: 7 }, growth: { working: 0, total: 3 } },
        outcomes: {},
        spend: 0,
        branches: [],
      }),
      change: async (branch, key, { enabled }) => buildCard(branch, key, { enabled: enabled ?? false }),
      resetText: async (branch, key) => buildCard(branch, key),
      example: async () => ({ text: 'Jane, see you on Tuesday!', description: 'Says when and where the visit is.' }),
    },
    why: { ofAppointment: async () => null, ofPatient: async () => null },
    previewer: { preview: async () => ({ items: [], next: null }) },
    inbox: { answer: async () => null, returnToBot: async () => null },
    desk: { resend: async () => null, resolve: async () => null },
    lookAtPlanned: async () => null,
    health: buildHealth,
    channelControl: {
      connect: async () => ({ state: 'connecting', since: new Date('2026-11-23T05:00:00Z'), detail: 'qr:2@abc' }),
      disconnect: async () => ({ state: 'off', since: new Date('2026-11-23T05:00:00Z'), detail: 'disconnected' }),
      purgeQueue: async (name) => {
        if (name === 'voice') throw new AppError('channelOff', 'The channel voice is not set up.');
        return 3;
      },
    },
    hooks: new Map(),
    ready: async () => ({ ready: true, reasons: [], eventLoopLagMs: 0 }),
    demo: {
      replay: {
        state: () => ({ now, running }),
        nextAt: async () => null,
        move: async (move) => {
          if ('to' in move) now = move.to;
          if ('advanceMs' in move) now = new Date(now.getTime() + move.advanceMs);
          if ('run' in move) running = move.run;
          return { now, sent: 0, skipped: 0 };
        },
      },
      simulator: {
        chats: async () => [],
        messages: async () => [],
        act: async () => [],
        setMode: async () => undefined,
        setReachable: async () => undefined,
      },
      reset: async () => undefined,
    },
  };
}
