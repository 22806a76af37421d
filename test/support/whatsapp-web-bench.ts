import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWhatsappWeb } from '../../src/bots/whatsapp-web/channel.ts';
import type { Channel, ChannelEvents } from '../../src/core/channel.ts';
import type { WhatsappWebSettings } from '../../src/core/channel-settings.ts';
import type { Stores } from '../../src/core/stores.ts';
import { every, pause } from '../../src/system.ts';
import { browserProgram } from './browser.ts';
import { type ChannelParts, channelParts } from './channel-parts.ts';
import { until } from './until.ts';
import { startWhatsappWebPage, type WhatsappWebPage } from './whatsapp-web-page.ts';

/** The channel with the real Client and a real Chromium on one side, the stand-in of WhatsApp Web on the other. */
export interface WhatsappWebBench extends ChannelParts {
  readonly page: WhatsappWebPage;
  readonly channel: Channel;
  readonly settings: WhatsappWebSettings;
  /** Starts, scans the code and waits until the channel is up. */
  link(events?: ChannelEvents): Promise<void>;
  /** Resolves when the channel is in this state, with this detail if one is given. */
  is(state: string, detail?: string | RegExp): Promise<void>;
  /** Moves real time on for the session's deadlines. */
  advance(ms: number): void;
  /** The channel's real time, in epoch seconds. */
  nowSeconds(): number;
  /** The running browser, or the last one. */
  browserPid(): number;
  remove(): Promise<void>;
}

/** Pauses and ticks are so many times shorter than in life. */
const FASTER = 5;

export async function whatsappWebBench(
  stores: Pick<Stores, 'channelMemory' | 'outbox'>,
  { change = {}, deps = {} }: { change?: Partial<WhatsappWebSettings>; deps?: Partial<ChannelParts['deps']> } = {},
): Promise<WhatsappWebBench> {
  const page = await startWhatsappWebPage();
  const sessionDir = await mkdtemp(join(tmpdir(), 'zabota-wa-'));
  const settings: WhatsappWebSettings = {
    chromiumPath: await browserProgram(),
    sessionDir,
    pairWith: null,
    polls: false,
    page: page.page,
    chromiumArgs: ['--disable-features=LocalNetworkAccessChecks'],
    ...change,
  };
  const parts = channelParts(stores);
  let apartMs = 0;
  const { channel } = createWhatsappWeb(settings, {
    ...parts.deps,
    wall: { nowMs: () => Date.now() + apartMs },
    pause: (ms) => pause(ms / FASTER),
    every: (ms, tick) => every(ms / FASTER, tick),
    ...deps,
  });
  const is = (state: string, detail?: string | RegExp): Promise<void> =>
    until(
      () => {
        const said = channel.health();
        if (said.state !== state) return false;
        return typeof detail === 'object'
          ? detail.test(said.detail ?? '')
          : detail === undefined || said.detail === detail;
      },
      { withinMs: 20_000, what: `${state} ${String(detail ?? '')}` },
    );
  return {
    ...parts,
    page,
    channel,
    settings,
    is,
    async link(events = parts.events) {
      await channel.start(events);
      await is('connecting', /^qr:/);
      await page.link();
      await is('up');
    },
    advance(ms) {
      apartMs += ms;
    },
    nowSeconds: () => Math.floor((Date.now() + apartMs) / 1000),
    browserPid: () => Number(readFileSync(join(settings.sessionDir, 'browser.pid'), 'utf8')),
    async remove() {
      await channel.stop();
      await page.stop();
      await rm(sessionDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Calls it every few milliseconds until the returned function is called. */
export function setWatch(look: () => void): () => void {
  return every(2, look);
}

/** The ids of all processes that have this folder in their command line. */
export function browsersIn(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => lives(pid) && commandOf(pid).includes(folder));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a process with this id lives. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that has ended and was not waited for is still there as a zombie.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z/.test(readFileSync(stat, 'utf8'));
}
