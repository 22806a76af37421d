import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessibilityFaults, focusedName, pixelsBeyond } from '../support/accessibility.ts';
import { type OpenConsole, openConsole } from '../support/open-console.ts';

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

let house: OpenConsole;

beforeAll(async () => {
  house = await openConsole();
  const key = { 'idempotency-key': 'first' };
  await house.service.must('POST', '/branches/bare/balance/top-ups', { amount: 5000 }, key);
  // Something on every page: phones, a log, spend.
  await house.service.must('POST', '/demo/clock', { advance: 'PT4H' });
}, 120_000);

afterAll(async () => {
  await house.close();
});

describe('The console for every reader', () => {
  it('speaks the chosen language at once and after a reload', async () => {
    const { open, page } = house;
    await open('scenarios');
    await page.getByLabel('Language of the page').selectOption('it');
    await page.getByRole('heading', { level: 1, name: 'Scenari', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('it');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Scenari', exact: true }).waitFor();
    await page.getByLabel('Lingua della pagina').selectOption('ru');
    await page.getByRole('heading', { level: 1, name: 'Сценарии' }).waitFor();
    await page.getByLabel('Язык страницы').selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Scenarios', exact: true }).waitFor();
  });

  it('is worked by the keyboard alone', async () => {
    const { open, page, said } = house;
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

  it('has no fault that axe finds', async () => {
    const { open, page } = house;
    for (const hash of VIEWS) {
      await open(hash);
      expect([hash, await accessibilityFaults(page)]).toEqual([hash, []]);
    }
  }, 60_000);

  it('has enough contrast in dark colours too', async () => {
    const { open, page } = house;
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const hash of VIEWS) {
      await open(hash);
      expect([hash, await accessibilityFaults(page, ['color-contrast'])]).toEqual([hash, []]);
    }
  }, 60_000);

  it('fits a phone’s width', async () => {
    const { open, page } = house;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 360, height: 740 });
    for (const hash of VIEWS) {
      await open(hash);
      const faults = await accessibilityFaults(page, ['color-contrast', 'scrollable-region-focusable', 'target-size']);
      expect([hash, await pixelsBeyond(page), faults]).toEqual([hash, 0, []]);
    }
  }, 60_000);

  it('makes the browser complain of nothing', () => {
    expect(house.complaints).toEqual([]);
  });
});
