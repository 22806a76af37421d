import { paceStoreContract } from '../contracts/pace-store.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

paceStoreContract({
  name: 'The rhythms in MongoDB',
  create: async () => {
    await stores.simulator.reset();
    return stores.paces;
  },
});
