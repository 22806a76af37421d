import { fileURLToPath } from 'node:url';
import { DryMongoBinary, MongoMemoryServer } from 'mongodb-memory-server';

declare global {
  var testStore: MongoMemoryServer | undefined;
}

const pocketMongod = fileURLToPath(new URL('../../packages/pocket-mongo/bin/pocket-mongod', import.meta.url));

async function chooseServer(): Promise<{
  readonly said: string;
  readonly systemBinary?: string;
  readonly version?: string;
}> {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) return { said: `the mongod named by MONGOMS_SYSTEM_BINARY (${named})`, systemBinary: named };
  const downloaded = await DryMongoBinary.locateBinary(await DryMongoBinary.generateOptions());
  if (downloaded !== undefined) return { said: `the downloaded mongod (${downloaded})` };
  return { said: 'pocket-mongod', systemBinary: pocketMongod, version: '8.0.0' };
}

/** Jest's global set-up: one server for the whole run. Tests get their own database of it from `storeUri()`. */
export default async function startTestStore(): Promise<void> {
  const { said, systemBinary, version } = await chooseServer();
  process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] ??= 'false';
  globalThis.testStore = await MongoMemoryServer.create({
    binary: { ...(systemBinary && { systemBinary }), ...(version && { version }) },
  });
  process.env['TEST_STORE_URI'] = globalThis.testStore.getUri();
  console.log(`\nTest store: ${said}.`);
}
