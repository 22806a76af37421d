import { afterAll, describe, expect, it } from '@jest/globals';
import { encode } from 'uqr';
import { openConsole } from '../support/open-console.ts';

const { page, open, said, close, complaints } = await openConsole();
afterAll(close);

const QR = '2@AbCdEfGhIjKlMnOpQrStUvWxYz0123456789,c3RhdGljIGtleQ==,aWRlbnRpdHkga2V5,secret,1';
let row: Readonly<Record<string, string>> = {};
const connects: string[] = [];
await page.route('**/api/v1/channels', (route) =>
  route.fulfill({ json: { items: [{ channel: 'whatsapp', since: '2026-03-02T09:00:00Z', ...row }], next: null } }),
);
await page.route('**/api/v1/channels/whatsapp/connect', (route) => {
  connects.push(route.request().method());
  row = { state: 'connecting', detail: 'starting' };
  return route.fulfill({ json: { channel: 'whatsapp', since: '2026-03-02T09:00:00Z', ...row } });
});
const shown = async (detail: string, state = 'connecting'): Promise<void> => {
  row = { state, detail };
  await open('scenarios');
};

describe('The console, while WhatsApp is to be linked,', () => {
  it('shows the code as a picture that is the whole code, with a light frame', async () => {
    await shown(`qr:${QR}`);
    const picture = page.getByRole('img', { name: 'QR code for the clinic’s phone' });
    const { data, size } = encode(QR, { border: 4 });
    const dark = data.flatMap((line, y) => line.flatMap((on, x) => (on ? [`M${x} ${y}`] : [])));
    expect(await picture.getAttribute('viewBox')).toBe(`0 0 ${size} ${size}`);
    const path = (await picture.locator('path').getAttribute('d')) ?? '';
    expect(path.match(/M\d+ \d+/g)).toEqual(dark);
    expect(
      dark.every((at) =>
        at
          .slice(1)
          .split(' ')
          .every((place) => Number(place) >= 4 && Number(place) < size - 4),
      ),
    ).toBe(true);
    expect((await picture.boundingBox())?.width).toBeGreaterThan(200);
  });

  it('shows the code to type in', async () => {
    await shown('code:ABCD-EFGH');
    await page.getByText('ABCD-EFGH').waitFor();
    expect(await page.getByText('Link with phone number instead').count()).toBe(1);
  });

  it('says why the session ended, and connects again at a press', async () => {
    await shown('loggedOut', 'down');
    await page.getByText('The phone has logged this service out.').waitFor();
    await page.getByRole('button', { name: 'Connect again' }).click();
    await said(/WhatsApp is being connected/);
    expect(connects).toEqual(['POST']);
    expect(await page.getByRole('button', { name: 'Connect again' }).count()).toBe(0);
  });

  it('says nothing while nobody has to do anything', async () => {
    await shown('syncing');
    expect(await page.getByRole('heading', { name: 'WhatsApp is to be linked' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
