import { afterAll, describe, expect, it } from '@jest/globals';
import { createRunningService } from '../support/running-service.ts';
import { storeUri } from '../support/store-uri.ts';

const TOKEN = 'a-token-of-the-owner';
const service = await createRunningService({ DEMO: '0', MONGODB_URI: storeUri(), ADMIN_TOKEN: TOKEN });
const headers = { authorization: `Bearer ${TOKEN}` };
const branch = { name: 'Hill', timezone: 'Europe/Rome', country: 'IT', currency: 'EUR', locale: 'it' };

afterAll(() => service.remove());

describe('A service on a named database', () => {
  it('is ready without a channel, has no demo, and keeps what it was told over a kill', async () => {
    await service.start();
    expect((await service.call('GET', '/demo/clock', undefined, headers)).status).toBe(404);
    expect((await service.call('GET', '/branches')).status).toBe(401);
    expect((await service.call('PUT', '/branches/hill', branch, headers)).status).toBe(201);
    const { items } = await service.must<{ items: readonly { state: string }[] }>(
      'GET',
      '/channels',
      undefined,
      headers,
    );
    expect(items.map(({ state }) => state)).toEqual(['off', 'off', 'off', 'off', 'off']);
    await service.kill();
    await service.start();
    expect(await service.must('GET', '/branches/hill', undefined, headers)).toMatchObject(branch);
  }, 90_000);
});
