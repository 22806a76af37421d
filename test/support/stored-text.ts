import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type { OpenStores } from '../../src/models/stores.ts';

type Db = ReturnType<OpenStores['jobsDb']>;

/** Runs that may be base64, as ids of platforms are. */
const PACKED = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** What each collection holds, as text and with what is packed in base64 unpacked: for a test that looks for words which must not be there. */
export async function storedTexts(db: Db): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { name } of await db.listCollections().toArray()) {
    const documents = await db.collection(name).find().toArray();
    texts.set(
      name,
      unpacked(documents.map((one) => Buffer.from(mongo.BSON.serialize(one)).toString('utf8')).join('\n')),
    );
  }
  return texts;
}

/** Everything that a database holds. */
export async function storedText(db: Db): Promise<string> {
  return [...(await storedTexts(db)).values()].join('\n');
}

/** Every file under a folder, in the same way. */
export async function filesText(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return unpacked([...files, ...texts].join('\n'));
}

function unpacked(text: string): string {
  const packed = [...text.matchAll(PACKED)].map(([run]) => Buffer.from(run, 'base64').toString('latin1'));
  return [text, ...packed].join('\n');
}
