import { AppError } from '../../core/errors.ts';
import { applySlots, type SlotDependencies } from './apply-slots.ts';
import { resourcePath, withPaths } from './body-path.ts';
import { missingFlags, withLocale } from './branch-settings.ts';
import type { Element } from './fhir/element.ts';
import type { Plan, PlannedPut } from './plan.ts';
import { sendBatch } from './send-batch.ts';
import { answerJson, type CallService, refusalWords } from './service-call.ts';
import { COLLECTIONS, mergeStored } from './stored-merge.ts';

export interface ApplyDependencies extends SlotDependencies {
  readonly quiet: boolean;
}

const PUTS_A_CALL = 100;

/** Applies a plan through the HTTP contract, each resource whole or not at all. Returns the flags that are missing, and then nothing was applied. */
export async function applyPlan(plan: Plan, deps: ApplyDependencies): Promise<readonly string[]> {
  const branches = await prepare(
    plan.puts.filter(({ type }) => type === 'branch'),
    deps.call,
  );
  const missing = missingFlags(branches.map(({ body }) => body));
  if (missing.length > 0) return missing;
  plan.bad.forEach(({ label, words }) => deps.tally.bad(label, words));
  plan.leftOut.forEach((remark) => deps.tally.leftOut(remark));
  await send(branches, deps);
  const others = plan.puts.filter(({ type }) => type !== 'branch');
  for (let at = 0; at < others.length; at += PUTS_A_CALL)
    await send(await prepare(others.slice(at, at + PUTS_A_CALL), deps.call), deps);
  for (const { key, label } of plan.removals) {
    const answer = await deps.call({ method: 'DELETE', path: `/appointments/${key}` });
    if (answer.status === 204 || answer.status === 404) deps.tally.loaded();
    else deps.tally.bad(label, refusalWords(answer));
  }
  await applySlots(plan.slots, deps);
  return [];
}

interface ReadyPut {
  readonly put: PlannedPut;
  readonly body: Element;
}

/** Lays the puts over what is stored; those that are only for new documents fall away where there is one. */
async function prepare(puts: readonly PlannedPut[], call: CallService): Promise<readonly ReadyPut[]> {
  const prepared = await Promise.all(
    puts.map(async (put): Promise<ReadyPut | null> => {
      const stored = await readStored(put, call);
      if (stored !== null && put.onlyNew) return null;
      const body = mergeStored(put, stored);
      return { put, body: put.type === 'branch' ? withLocale(body) : body };
    }),
  );
  return prepared.filter((each) => each !== null);
}

async function readStored({ type, key }: PlannedPut, call: CallService): Promise<Element | null> {
  const answer = await call({ method: 'GET', path: `/${COLLECTIONS[type]}/${key}` });
  if (answer.status === 404) return null;
  if (answer.status === 200) return answerJson(answer);
  throw new AppError('notReady', `the service refused: ${refusalWords(answer)}`);
}

async function send(ready: readonly ReadyPut[], { call, tally, quiet }: ApplyDependencies): Promise<void> {
  if (ready.length === 0) return;
  const lines = ready.map(({ put: { type, key }, body }) => JSON.stringify({ type, key, body }));
  const results = await sendBatch(call, lines, { quiet });
  ready.forEach(({ put }, at) => {
    const words = results[at]?.words ?? null;
    if (words !== null)
      tally.bad(
        put.label ?? `${put.type} ${put.key}`,
        withPaths(words, (path) => resourcePath(path, put.fields)),
      );
    else if (put.label !== null) tally.loaded();
  });
}
