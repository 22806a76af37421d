import { appendFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChatAddress, chatKey } from '../../core/address.ts';
import { type Clock, DAY_MS } from '../../core/clock.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import { createLanes } from '../lanes.ts';

const FILE = 'refused.ndjson';
const FILES = /^refused.*\.ndjson$/;
const KEPT_MS = 30 * DAY_MS;

/** Messages that the store refused for good, a line each, for people to look at; for 30 days, and not beyond their patient's erasure. */
export interface RefusedMessages {
  add(message: InboundMessage): Promise<void>;
  dropOld(): Promise<void>;
  forget(chats: readonly ChatAddress[]): Promise<void>;
}

/** Several services may share the file: it is moved aside before it is written anew. Within one of them it is looked at by one task at a time. */
export function createRefusedMessages(
  folder: string,
  { id, clock }: { readonly id: string; readonly clock: Clock },
): RefusedMessages {
  const lanes = createLanes();
  const alone = (task: () => Promise<void>): Promise<void> => lanes.run('refused', task);
  const keepOnly = async (isKept: (line: string) => boolean): Promise<void> => {
    for (const name of (await readdir(folder)).filter((one) => FILES.test(one))) {
      const lines = (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n');
      if (name === FILE && lines.every((line) => line === '' || isKept(line))) continue;
      const aside = join(folder, `refused-${id}.ndjson`);
      const isMoved = await rename(join(folder, name), aside).then(
        () => true,
        () => false,
      );
      if (!isMoved) continue;
      const kept = (await readFile(aside, 'utf8')).split('\n').filter((line) => line !== '' && isKept(line));
      if (kept.length > 0) await append(kept.map((line) => `\n${line}`).join(''));
      await rm(aside);
    }
  };
  const append = (text: string): Promise<void> => appendFile(join(folder, FILE), text, { mode: 0o600, flush: true });

  return {
    add: (message) => alone(() => append(`\n${JSON.stringify(message)}`)),
    dropOld: () =>
      alone(() =>
        keepOnly((line) => {
          const at = Date.parse(messageIn(line)?.at ?? '');
          return at > clock.now().getTime() - KEPT_MS;
        }),
      ),
    forget: (chats) => {
      const keys = new Set(chats.map(chatKey));
      // A line that nobody can read may be theirs.
      return alone(() =>
        keepOnly((line) => {
          const from = messageIn(line)?.from;
          return from !== undefined && !keys.has(chatKey(from));
        }),
      );
    },
  };
}

function messageIn(line: string): { readonly at?: string; readonly from?: ChatAddress } | null {
  try {
    return JSON.parse(line) as { readonly at?: string; readonly from?: ChatAddress };
  } catch {
    return null;
  }
}
