import type { ChannelMemory } from '../../core/channel-memory.ts';
import { createLanes } from '../lanes.ts';

/** How far an attempt got. `called`: it may be in the page; `handed`: the page gave it an id; `taken`: WhatsApp has it. */
type Attempt = { readonly stage: 'called' } | { readonly stage: 'handed' | 'taken'; readonly id: string };

/** What is known of the newest attempts, kept over a restart: the one proof that an attempt never reached the page. */
export interface Attempts {
  /** Durable before the page is called; rejects when it cannot be. */
  called(attemptId: string): Promise<void>;
  handed(attemptId: string, id: string): Promise<void>;
  taken(attemptId: string): Promise<void>;
  /** It did not come to the call. */
  dropped(attemptId: string): Promise<void>;
  /** Null: never called, by any session that shares this store. `forgotten`: so long ago that nothing is known. */
  of(attemptId: string): Promise<Attempt | 'forgotten' | null>;
}

interface Kept {
  readonly entries: readonly (readonly [attemptId: string, stage: Attempt['stage'], id?: string])[];
  /** The newest attempt that was dropped from the list; ids sort by the time of their making. */
  readonly upTo: string;
}

const NONE: Kept = { entries: [], upTo: '' };
const MOST = 200;
const SESSION = 'session';

/** `sessionId` names the linked device. The list carries ids alone: no number, no words. */
export function createAttempts({ memory, sessionId }: { memory: ChannelMemory; sessionId: string }): Attempts {
  const writing = createLanes();
  let kept: Kept | null = null;

  const read = async (session: string): Promise<Kept> => {
    const stored = await memory.get('whatsapp', `attempts.${session}`);
    return stored === null ? NONE : (JSON.parse(stored) as Kept);
  };
  const own = async (): Promise<Kept> => {
    if (kept !== null) return kept;
    await memory.set('whatsapp', `session.${sessionId}`, SESSION);
    kept = await read(sessionId);
    return kept;
  };
  const change = (attemptId: string, next: (before: Attempt | null) => Attempt | null): Promise<void> =>
    writing.run('list', async () => {
      const { entries, upTo } = await own();
      const after = next(attemptOf(entries, attemptId));
      const others = entries.filter(([id]) => id !== attemptId);
      const all: Kept['entries'] =
        after === null
          ? others
          : [...others, after.stage === 'called' ? [attemptId, after.stage] : [attemptId, after.stage, after.id]];
      const out = all.slice(0, Math.max(0, all.length - MOST)).map(([id]) => id);
      const changed: Kept = { entries: all.slice(-MOST), upTo: [upTo, ...out].reduce((a, b) => (a > b ? a : b)) };
      await memory.set('whatsapp', `attempts.${sessionId}`, JSON.stringify(changed));
      kept = changed;
    });

  return {
    called: (attemptId) => change(attemptId, () => ({ stage: 'called' })),
    handed: (attemptId, id) => change(attemptId, () => ({ stage: 'handed', id })),
    taken: (attemptId) =>
      change(attemptId, (before) =>
        before === null || before.stage === 'called' ? before : { ...before, stage: 'taken' },
      ),
    dropped: (attemptId) => change(attemptId, () => null),
    async of(attemptId) {
      const mine = attemptOf((await own()).entries, attemptId);
      if (mine !== null) return mine;
      const sessions = await memory.keysOf('whatsapp', SESSION);
      let forgotten = false;
      for (const key of sessions) {
        const { entries, upTo } = await read(key.slice(SESSION.length + 1));
        const found = attemptOf(entries, attemptId);
        if (found !== null) return found;
        forgotten ||= attemptId <= upTo;
      }
      return forgotten ? 'forgotten' : null;
    },
  };
}

function attemptOf(entries: Kept['entries'], attemptId: string): Attempt | null {
  const [, stage, id] = entries.find(([one]) => one === attemptId) ?? [];
  if (stage === undefined) return null;
  return stage === 'called' || id === undefined ? { stage: 'called' } : { stage, id };
}
