// Makes the pictures of README from the running demo: `npm run pictures`. CHROMIUM names another browser than npm's.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../test/support/browser.ts';
import { createRunningService } from '../test/support/running-service.ts';

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const WINDOW = { width: 1200, height: 860 };
const BRANCH = 'sanmarco';

interface Chat {
  readonly channel: string;
  readonly address: string;
  readonly patient?: string;
  readonly last: { readonly id: string; readonly at: string; readonly choices?: readonly { readonly id: string }[] };
}

let startDay = '';

const service = await createRunningService({});
try {
  await service.start();
  await playDays();
  await takePictures();
} finally {
  await service.remove();
}

/** Two and a half days in which patients confirm, score and ask. */
async function playDays(): Promise<void> {
  startDay = (await service.must<{ now: string }>('GET', '/demo/clock')).now.slice(0, 10);
  for (let hours = 0; hours < 60; hours += 4) {
    await service.must('POST', '/demo/clock', { advance: 'PT4H' });
    for (const chat of await chats()) await answer(chat);
  }
}

async function answer({ channel, address, last }: Chat): Promise<void> {
  const offered = last.choices?.map(({ id }) => id) ?? [];
  const choice = offered.includes('confirm') ? 'confirm' : offered.includes('5') ? scoreOf(address) : null;
  const path = `/demo/chats/${channel}/${encodeURIComponent(address)}/messages`;
  // One patient in four stays silent.
  if (choice !== null && Number(address.slice(-1)) % 4 !== 3) await service.must('POST', path, { choice });
}

function scoreOf(address: string): string {
  return Number(address.slice(-1)) === 2 ? '2' : '5';
}

async function chats(): Promise<readonly Chat[]> {
  return (await service.must<{ items: readonly Chat[] }>('GET', '/demo/chats?limit=200')).items;
}

/** A chat of the branch in which a confirmation was asked for and given. */
async function answeredChat(): Promise<Chat> {
  for (const chat of await chats()) {
    if (!chat.address.startsWith('+39')) continue;
    const path = `/demo/chats/${chat.channel}/${encodeURIComponent(chat.address)}/messages?limit=200`;
    const { items } = await service.must<{ items: readonly Chat['last'][] }>('GET', path);
    if (items.at(-3)?.choices?.some(({ id }) => id === 'confirm')) return chat;
  }
  throw new Error('Nobody has confirmed a visit.');
}

async function takePictures(): Promise<void> {
  const { channel, address, patient = '' } = await answeredChat();
  const pictures = {
    cards: 'scenarios',
    log: `messages?from=${startDay}&scenario=greeting`,
    spend: 'spend',
    channels: 'channels',
    simulator: `simulator?${new URLSearchParams({ channel, address, patient }).toString()}`,
  };
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: WINDOW, locale: 'en' });
    for (const [name, hash] of Object.entries(pictures)) {
      await page.goto('about:blank');
      await page.goto(`${service.origin}/#/${hash}`);
      await page.getByRole('combobox', { name: 'Branch', exact: true }).selectOption(BRANCH);
      await page.waitForLoadState('networkidle');
      if (name === 'log') await page.locator('tr[data-status=read] button').first().click();
      await page.screenshot({ path: join(folder, `${name}.png`) });
    }
  } finally {
    await browser.close();
  }
}
