import { beforeEach, describe, expect, it } from '@jest/globals';
import { conversationContract } from '../contracts/conversations.ts';
import { inboundContract } from '../contracts/inbound-store.ts';
import { simulatorContract } from '../contracts/simulator-store.ts';
import { buildPatient, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { conversations, inbound, patients, simulator } = stores;

beforeEach(() => simulator.reset());

conversationContract({ name: 'The stored conversations', create: async () => conversations });
inboundContract({ name: 'The stored inbound messages', create: async () => inbound });
simulatorContract({ name: 'The stored simulator', create: async () => simulator });

describe('What was said in a chat', () => {
  it('is given page by page', async () => {
    const from = { channel: 'whatsapp', address: '+79161234567' } as const;
    for (const id of ['1', '2', '3']) {
      await inbound.store({ id, from, at: MONDAY, body: { kind: 'text', text: id } });
    }
    const rest = await inbound.ofChat(from, { after: '1', limit: 1 });
    expect(rest.map(({ id }) => id)).toEqual(['2']);
  });
});

describe('A reset of the demo', () => {
  it('empties every collection and leaves the indexes', async () => {
    await patients.put('maria', buildPatient(), MONDAY, 'clinic');
    await simulator.reset();
    expect((await patients.list({ limit: 5 })).items).toEqual([]);
    const results = await Promise.all([1, 2].map(() => patients.put('maria', buildPatient(), MONDAY, 'clinic')));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  });
});
