import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { accessibilityFaults, focusedName, pixelsBeyond } from '../support/accessibility.ts';
import { openBrowser } from '../support/browser.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';

const BARE = {
  name: 'Bare Branch',
  timezone: 'Europe/Rome',
  country: 'IT',
  currency: 'EUR',
  locale: 'en',
  reviewSites: [],
  channels: ['whatsapp'],
  consentRequired: false,
};

let service: RunningService;
let browser: Browser;
let page: Page;
/** What the browser complained of: refused scripts, failed files, uncaught errors. */
const complaints: string[] = [];

beforeAll(async () => {
  service = await createRunningService({});
  await service.start();
  await service.must('PUT', '/branches/bare', BARE);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4(00|01|22)/.test(message.text())) complaints.push(message.text());
  });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await service.remove();
});

async function open(hash: string, branch = 'pokrovka'): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${service.origin}/#/${hash}`);
  await page.getByRole('navigation', { name: 'Sections' }).waitFor();
  await page.getByRole('combobox', { name: 'Branch', exact: true }).selectOption(branch);
  await page.waitForLoadState('networkidle');
}

const card = (name: string): Locator => page.getByRole('article', { name });
const said = (words: RegExp): Promise<void> => page.getByRole('status').filter({ hasText: words }).waitFor();

describe('The console in a browser', () => {
  it('opens in the demo without asking for a token', async () => {
    await open('scenarios');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Scenarios');
    expect(await page.getByRole('article').count()).toBe(10);
    expect(await page.title()).toBe('Scenarios · Zabota');
  });

  it('tells what keeps a scenario from working, and leads to what mends it', async () => {
    await open('scenarios', 'bare');
    const greeting = card('Greeting');
    const toggle = greeting.getByRole('switch');
    await toggle.click();
    const banner = greeting.getByRole('alert');
    await banner.waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    expect(await banner.locator('[data-problem=noHead]').count()).toBe(1);
    await banner.locator('[data-problem=noBalance]').getByRole('button').click();
    await page.getByLabel('Amount, EUR').fill('50');
    await page.getByRole('dialog').getByRole('button', { name: 'Top up' }).click();
    await said(/€50.00 added/);
    expect(await page.locator('.balance').textContent()).toBe('€50.00');
    await banner.locator('[data-problem=noHead]').getByRole('button').click();
    await page.getByRole('dialog').getByLabel('Name').fill('Anna Rossi');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await said(/details are saved/);
    await toggle.click();
    await said(/“Greeting” is switched on/);
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
    expect(await greeting.getByRole('alert').count()).toBe(0);
    const stored = await service.must<{ enabled: boolean }>('GET', '/branches/bare/scenarios/greeting');
    expect(stored.enabled).toBe(true);
  });

  it('saves what is changed in the settings of a scenario, and names what it cannot take', async () => {
    await open('scenarios', 'bare');
    await card('Confirmation').getByRole('link', { name: 'Settings of “Confirmation”' }).click();
    const sheet = page.getByRole('dialog', { name: 'Confirmation' });
    await sheet.getByLabel('Hours before the visit').fill('36');
    await sheet.getByLabel('Second request to those who did not answer').selectOption('everybody');
    await sheet.getByRole('button', { name: 'Save' }).click();
    await said(/Settings of “Confirmation” are saved/);
    const path = '/branches/bare/scenarios/confirmation';
    const { settings } = await service.must<{ settings: Record<string, unknown> }>('GET', path);
    expect([settings['leadHours'], settings['second'], settings['secondAfterHours']]).toEqual([36, 'everybody', 6]);
    await sheet.getByLabel('English').fill('See you, {{patient.fistName}}');
    await sheet.getByRole('button', { name: 'Save' }).click();
    await sheet.locator('#text-en-flaw').waitFor();
    expect(await sheet.getByLabel('English').getAttribute('aria-invalid')).toBe('true');
    expect(await sheet.locator('#text-en-flaw').textContent()).toMatch(/firstName/);
  });

  it('shows what a scenario does, an example in each language and its prices', async () => {
    await open('scenarios?card=confirmation');
    const sheet = page.getByRole('dialog', { name: 'Confirmation' });
    const example = sheet.locator('blockquote');
    await example.filter({ hasText: /\S{3}/ }).waitFor();
    await sheet.getByLabel('Language of the example').selectOption('it');
    await page.locator('dialog blockquote[lang=it]').waitFor();
    expect((await sheet.getByRole('heading', { level: 3 }).allTextContents()).slice(0, 3)).toEqual([
      'What it does',
      'Example',
      'Price by channel',
    ]);
  });

  it('moves the clock a day, and the messages of that day are on the patients’ phones', async () => {
    await open('simulator');
    const before = await service.must<{ items: unknown[] }>('GET', '/demo/chats?limit=200');
    await page.getByRole('button', { name: '+1 day' }).click();
    await said(/Sent: \d+, not sent: \d+/);
    const after = await service.must<{ items: unknown[] }>('GET', '/demo/chats?limit=200');
    expect(after.items.length).toBeGreaterThan(before.items.length);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('[data-chat]').count()).toBe(after.items.length);
    expect(await page.getByRole('log').locator('.line.bot').count()).toBeGreaterThan(0);
  });

  it('confirms a visit by a tap on a phone', async () => {
    const asked = await askedForConfirmation();
    await open(`simulator?channel=${asked.channel}&address=${encodeURIComponent(asked.address)}`);
    await page.locator(`[data-line="${asked.line}"] [data-choice=confirm]`).click();
    const answer = page.locator(`[data-line="${asked.line}"] ~ .line.patient`);
    await answer.first().waitFor();
    await page.locator(`[data-line="${asked.line}"] ~ .line.bot`).first().waitFor();
    const { items } = await service.must<{ items: { status: string }[] }>(
      'GET',
      `/appointments?patient=${asked.patient}&status=confirmed`,
    );
    expect(items.length).toBeGreaterThan(0);
  });

  it('writes as a patient, and a person answers from the inbox', async () => {
    const { channel, address } = await askedForConfirmation();
    await open(`simulator?channel=${channel}&address=${encodeURIComponent(address)}`);
    for (const text of ['Is there a place to park a very long car?', 'And a place for a second very long car?']) {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.getByRole('log').getByText(text).waitFor();
    }
    await page.getByRole('link', { name: /^Inbox/ }).click();
    await page.locator('.talks button').first().click();
    await page.getByLabel('Your answer').fill('Yes, behind the house.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await said(/The answer is on its way/);
    await page.getByRole('log').getByText('Yes, behind the house.').waitFor();
    await page.getByRole('button', { name: 'Return to the bot' }).click();
    await said(/leads this dialogue again/);
    await open(`simulator?channel=${channel}&address=${encodeURIComponent(address)}`);
    await page.getByRole('log').getByText('Yes, behind the house.').waitFor();
  });

  it('tells in the log why a message was not sent, and leads to the decisions on the visit', async () => {
    await open('messages?status=skipped&from=2026-01-01');
    const row = page.locator('table.log tbody tr').first();
    await row.waitFor();
    expect((await row.locator('.reason').textContent())?.length).toBeGreaterThan(8);
    await row.getByRole('button', { name: 'More' }).click();
    await page.getByRole('link', { name: 'Why?' }).click();
    const decisions = page.locator('.decisions [data-scenario]');
    await decisions.first().waitFor();
    expect(await decisions.count()).toBeGreaterThanOrEqual(9);
  });

  it('draws the spend as charts whose numbers stand in tables', async () => {
    await open('spend');
    await page.getByRole('img', { name: /^By scenario/ }).waitFor();
    const { total } = await service.must<{ total: number }>('GET', '/spend?branch=pokrovka');
    const rows = page.getByRole('figure').filter({ hasText: 'By scenario' }).locator('tbody td:last-child');
    const amounts = (await rows.allTextContents()).map((text) => Math.round(Number(text.replace(/[^\d.]/g, '')) * 100));
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(total);
    const drawn = await page
      .locator('canvas')
      .first()
      .evaluate((canvas) => (canvas as unknown as { width: number }).width);
    expect(drawn).toBeGreaterThan(100);
  });

  it('asks back before the kill switch is thrown', async () => {
    await open('scenarios');
    const kill = page.getByRole('switch', { name: /Kill switch/ });
    await kill.click();
    expect((await service.must<{ on: boolean }>('GET', '/kill-switch')).on).toBe(false);
    await page.getByRole('button', { name: 'Stop everything' }).click();
    await said(/scenarios are silent/);
    expect((await service.must<{ on: boolean }>('GET', '/kill-switch')).on).toBe(true);
    await kill.click();
    await said(/scenarios work again/);
    expect((await service.must<{ on: boolean }>('GET', '/kill-switch')).on).toBe(false);
  });

  it('breaks a simulated channel and mends it', async () => {
    await open('simulator');
    const mode = page.getByLabel('Telegram').last();
    await mode.selectOption('down');
    await said(/Telegram: not connected/);
    const state = async (): Promise<string | undefined> =>
      (await service.must<{ items: { channel: string; state: string }[] }>('GET', '/channels')).items.find(
        ({ channel }) => channel === 'telegram',
      )?.state;
    expect(await state()).toBe('down');
    await mode.selectOption('up');
    await said(/Telegram: works/);
    expect(await state()).toBe('up');
  });

  it('speaks the chosen language at once and after a reload', async () => {
    await open('scenarios');
    await page.getByLabel('Language of the page').selectOption('it');
    await page.getByRole('heading', { level: 1, name: 'Scenari' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('it');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Scenari' }).waitFor();
    await page.getByLabel('Lingua della pagina').selectOption('ru');
    await page.getByRole('heading', { level: 1, name: 'Сценарии' }).waitFor();
    await page.getByLabel('Язык страницы').selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Scenarios' }).waitFor();
  });

  it('is worked by the keyboard alone', async () => {
    await open('scenarios', 'bare');
    const focused = (): Promise<string> => focusedName(page);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    for (const stop of ['Branch details', 'Booking details', 'Scenario “Booking details”']) {
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(stop);
    }
    await page.keyboard.press('Space');
    await said(/“Booking details” is switched on/);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Information on “Booking details”');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Booking details' }).waitFor();
    for (let presses = 0; presses < 4 && (await focused()) !== 'Information'; presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Settings');
    await page.getByRole('tabpanel', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('a[aria-label="Information on “Booking details”"]:focus').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('asks for the token again when it is refused', async () => {
    await page.evaluate('sessionStorage.setItem("zabota.token", "wrong")');
    await page.reload();
    const token = page.getByLabel('Token');
    await token.waitFor();
    expect(await token.inputValue()).toBe('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Sections' }).waitFor();
  });

  it('has no fault that axe finds', async () => {
    for (const hash of VIEWS) {
      await open(hash);
      expect([hash, await accessibilityFaults(page)]).toEqual([hash, []]);
    }
  }, 60_000);

  it('has enough contrast in dark colours too', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const hash of VIEWS) {
      await open(hash);
      expect([hash, await accessibilityFaults(page, ['color-contrast'])]).toEqual([hash, []]);
    }
  }, 60_000);

  it('fits a phone’s width', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 360, height: 740 });
    for (const hash of VIEWS) {
      await open(hash);
      const faults = await accessibilityFaults(page, ['color-contrast', 'scrollable-region-focusable', 'target-size']);
      expect([hash, await pixelsBeyond(page), faults]).toEqual([hash, 0, []]);
    }
  }, 60_000);

  it('makes the browser complain of nothing', () => {
    expect(complaints).toEqual([]);
  });
});

const VIEWS = [
  'scenarios',
  'scenarios?card=confirmation',
  'scenarios?card=survey&tab=settings',
  'messages',
  'messages?tab=preview',
  'messages?tab=why',
  'spend',
  'surveys',
  'inbox?status=any',
  'simulator',
];

interface Asked {
  readonly channel: string;
  readonly address: string;
  readonly patient: string;
  readonly line: string;
}

/** A chat whose newest line asks to confirm a visit. */
async function askedForConfirmation(): Promise<Asked> {
  interface Chat {
    readonly channel: string;
    readonly address: string;
    readonly patient?: string;
    readonly last: { readonly id: string; readonly choices?: readonly { readonly id: string }[] };
  }
  const { items } = await service.must<{ items: Chat[] }>('GET', '/demo/chats?limit=200');
  const chat = items.find(({ last, patient }) => patient && last.choices?.some(({ id }) => id === 'confirm'));
  if (chat?.patient === undefined) throw new Error('Nobody is asked to confirm a visit.');
  return { channel: chat.channel, address: chat.address, patient: chat.patient, line: chat.last.id };
}
