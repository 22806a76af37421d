import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startFullDiskServer } from '../../packages/pocket-mongo/test/support/full-disk.ts';
import { openStores } from '../../src/models/stores.ts';
import { countIds } from '../support/count-ids.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { buildPatient, MONDAY } from '../support/stored-clinic.ts';

const folder = mkdtempSync(join(tmpdir(), 'full-'));
const server = await startFullDiskServer(folder);
const clock = fakeClock('2026-11-23T05:00:00Z');
const { stores, ready, close } = await openStores({ uri: server.uri, clock, newId: countIds('id'), log: quietLog() });

afterAll(async () => {
  await close();
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('A full disk under the embedded store', () => {
  it('refuses writes as not ready, lets nothing be sent and everything be read, until it has room again', async () => {
    const bench = await deliveryBench(stores);
    await stores.patients.put('maria', buildPatient(), MONDAY, 'clinic');
    const { id } = await bench.plan();
    const delivery = bench.process();
    server.disk.full = true;
    await expect(stores.patients.put('ivan', buildPatient(), MONDAY, 'clinic')).rejects.toMatchObject({
      code: 'notReady',
      details: { code: 14031 },
    });
    await expect(delivery.work.run(bench.clock.now())).rejects.toMatchObject({ code: 'notReady' });
    expect(bench.whatsapp.calls).toEqual([]);
    expect(await stores.patients.get('maria')).toMatchObject({ lastName: 'Орлова' });
    expect((await bench.row(id)).state).toBe('planned');
    expect(await ready()).toBe(true);
    server.disk.full = false;
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });
});
