import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { type OpenConsole, openConsole } from '../support/open-console.ts';

let house: OpenConsole;

beforeAll(async () => {
  house = await openConsole();
}, 120_000);

afterAll(async () => {
  await house.close();
});

const card = (name: string): Locator => house.page.getByRole('article', { name });

describe('The console in a browser', () => {
  it('opens in the demo without asking for a token', async () => {
    const { open, page } = house;
    await open('scenarios');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Scenarios');
    expect(await page.getByRole('article').count()).toBe(10);
    expect(await page.title()).toBe('Scenarios · Zabota');
  });

  it('tells what keeps a scenario from working, and leads to what mends it', async () => {
    const { open, page, said, service } = house;
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
    const { open, page, said, service } = house;
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
    const { open, page } = house;
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
    const { open, page, said, service } = house;
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
    const { open, page, service } = house;
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
    const { open, page, said } = house;
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
    const { open, page } = house;
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
    const { open, page, service } = house;
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
    const { open, page, said, service } = house;
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
    const { open, page, said, service } = house;
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

  it('asks for the token again when it is refused', async () => {
    const { page } = house;
    await page.evaluate('sessionStorage.setItem("zabota.token", "wrong")');
    await page.reload();
    const token = page.getByLabel('Token');
    await token.waitFor();
    expect(await token.inputValue()).toBe('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Sections' }).waitFor();
  });

  it('makes the browser complain of nothing', () => {
    expect(house.complaints).toEqual([]);
  });
});

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
  const { items } = await house.service.must<{ items: Chat[] }>('GET', '/demo/chats?limit=200');
  const chat = items.find(({ last, patient }) => patient && last.choices?.some(({ id }) => id === 'confirm'));
  if (chat?.patient === undefined) throw new Error('Nobody is asked to confirm a visit.');
  return { channel: chat.channel, address: chat.address, patient: chat.patient, line: chat.last.id };
}
