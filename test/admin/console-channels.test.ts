import { afterAll, describe, expect, it } from '@jest/globals';
import { openConsole } from '../support/open-console.ts';

const { service, page, open, said, close, complaints } = await openConsole();
afterAll(close);

const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
const stateOf = async (channel: string): Promise<string | undefined> =>
  (await service.must<{ items: readonly { channel: string; state: string }[] }>('GET', '/channels')).items.find(
    (one) => one.channel === channel,
  )?.state;

describe('The channels in the console', () => {
  it('are listed with their states; one that is not set up offers nothing to press', async () => {
    await open('channels');
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    expect(await row('WhatsApp').getByText('connected', { exact: true }).count()).toBe(1);
    expect(await row('Call').getByRole('button').count()).toBe(0);
  });

  it('are disconnected and connected by a press', async () => {
    await row('SMS').getByRole('button', { name: 'Disconnect' }).click();
    await said(/disconnected until it is connected again/);
    expect(await stateOf('sms')).toBe('off');
    await row('SMS').getByText('disconnected by hand').waitFor();
    await row('SMS').getByRole('button', { name: 'Connect' }).click();
    await said(/is being connected/);
    expect(await stateOf('sms')).toBe('up');
  });

  it('have their queue emptied, after a question', async () => {
    await service.must('POST', '/demo/channels/sms', { mode: 'down' });
    await open('channels');
    await row('SMS').getByRole('button', { name: 'Empty the queue' }).click();
    await page.getByRole('dialog').getByText('never goes out').waitFor();
    await page.getByRole('button', { name: 'Cancel these messages' }).click();
    await said(/0 messages were cancelled/);
    expect(complaints).toEqual([]);
  });
});
