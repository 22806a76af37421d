import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { InboundMessage } from '../../src/core/inbound.ts';
import { openStores } from '../../src/models/stores.ts';
import { countIds } from '../support/count-ids.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { createOwnStore } from '../support/own-store.ts';
import { quietLog } from '../support/quiet-log.ts';
import { storeUri } from '../support/store-uri.ts';
import { buildDoctor, buildMessage, buildPatient, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores, ready, jobsDb } = await openTestStores();
const { doctors, patients, tariffs } = stores;

const deps = { clock: fakeClock('2026-11-23T05:00:00Z'), newId: countIds('id'), log: quietLog() };
const refused = { code: 'invalid', details: [{ path: 'cursor', message: 'is not a cursor of this list' }] };

describe('A cursor', () => {
  it('of another list is refused', async () => {
    for (const id of ['a', 'b']) {
      await doctors.put(id, buildDoctor(), MONDAY, 'clinic');
      await patients.put(id, buildPatient(), MONDAY, 'clinic');
    }
    const { next } = await doctors.list({ limit: 1 });
    await expect(patients.list({ limit: 1, cursor: next ?? '' })).rejects.toMatchObject(refused);
    expect((await doctors.list({ limit: 1, cursor: next ?? '' })).items.map(({ id }) => id)).toEqual(['b']);
  });

  const garbage = ['', 'zzzz', 'bnVsbA', Buffer.from('["patients",{},"a"]').toString('base64url')];
  it.each(garbage)('%p is refused', async (cursor) => {
    await expect(patients.list({ limit: 1, cursor })).rejects.toMatchObject(refused);
  });

  it('is not there at the end of a list', async () => {
    expect((await tariffs.list({ limit: 1 })).next).toBeNull();
    expect((await doctors.list({ limit: 2 })).next).toBeNull();
  });
});

describe('The open stores', () => {
  it('are ready while the database answers', async () => {
    expect(await ready()).toBe(true);
  });

  it('make the indexes before they are given out', async () => {
    const indexes = await jobsDb().collection('messages').indexes();
    expect(indexes.find(({ unique }) => unique)?.key).toEqual({ key: 1 });
  });

  it('are not opened where no database answers', async () => {
    const port = await unusedPort();
    const opening = openStores({ uri: `mongodb://127.0.0.1:${port}/x`, ...deps, patienceMs: 200 });
    await expect(opening).rejects.toMatchObject({ code: 'notReady' });
  });

  it('say that they are not ready of every kind of call while the database is away, first writes too', async () => {
    const own = await createOwnStore();
    const other = await openStores({ uri: own.uri, ...deps, patienceMs: 300 });
    await own.kill();
    const { inbound, outbox, channelMemory, paces } = other.stores;
    const said = {
      id: '1',
      from: { channel: 'sms', address: '+79161234567' },
      at: MONDAY,
      body: { kind: 'text', text: 'да' },
    };
    const pace = { nowMs: 1, gapMs: 1, withinMs: 1, urgent: false };
    const codes: unknown[] = [];
    for (const call of [
      () => inbound.store(said as InboundMessage),
      () => outbox.plan([buildMessage()], MONDAY),
      () => channelMemory.set('sms', 'key', 'value'),
      () => paces.take('sms', pace),
      () => other.stores.patients.list({ limit: 1 }),
    ])
      codes.push(await call().catch((error: unknown) => (error as { code?: unknown }).code));
    await other.close();
    await own.remove();
    expect(codes).toEqual(['notReady', 'notReady', 'notReady', 'notReady', 'notReady']);
  });

  it('say that they are not ready once they are closed', async () => {
    const other = await openStores({ uri: storeUri('closed'), ...deps });
    await other.close();
    expect(await other.ready()).toBe(false);
    await expect(other.stores.patients.get('maria')).rejects.toMatchObject({ code: 'notReady' });
  });
});

/** A port that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}
