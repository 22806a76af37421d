import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { createRunningService, type RunningService } from './running-service.ts';

/** The console of a running demo in a real browser, in English. */
export interface OpenConsole {
  readonly service: RunningService;
  readonly page: Page;
  /** What the browser complained of: refused scripts, failed files, uncaught errors; refusals of the API are not in it. */
  readonly complaints: readonly string[];
  /** Goes to a view by its address behind `#/`, for a branch of the sample clinic unless another is named. */
  open(hash: string, branch?: string): Promise<void>;
  /** Resolves when the page says these words in its live region. */
  said(words: RegExp): Promise<void>;
  close(): Promise<void>;
}

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

/** Starts the service with its sample clinic and a branch `bare` that lacks everything, and a browser beside it. */
export async function openConsole(): Promise<OpenConsole> {
  const service = await createRunningService({});
  await service.start();
  await service.must('PUT', '/branches/bare', BARE);
  const browser: Browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en' });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4(00|01|22)/.test(message.text())) complaints.push(message.text());
  });
  return {
    service,
    page,
    complaints,
    async open(hash, branch = 'pokrovka') {
      await page.goto('about:blank');
      await page.goto(`${service.origin}/#/${hash}`);
      await page.getByRole('navigation', { name: 'Sections' }).waitFor();
      await page.getByRole('combobox', { name: 'Branch', exact: true }).selectOption(branch);
      await page.waitForLoadState('networkidle');
    },
    async said(words) {
      await page.getByRole('status').filter({ hasText: words }).waitFor();
    },
    async close() {
      await browser.close();
      await service.remove();
    },
  };
}
