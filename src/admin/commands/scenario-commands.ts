import type { Branch } from '../../core/branch.ts';
import type { Fix } from '../../core/card.ts';
import type { Content } from '../../core/content.ts';
import { AppError } from '../../core/errors.ts';
import type { ScenarioKey } from '../../core/scenario.ts';
import { type Asking, type CommandDependencies, linesOf, say, word } from './answering.ts';

/** `/scenarios`: every scenario of a branch and whether it works. */
export async function listScenarios(
  deps: CommandDependencies,
  { locale, now }: Asking,
  branch: Branch,
): Promise<Content> {
  const cards = [...(await deps.cards.ofBranch(branch.id, now)), await deps.cards.card(null, 'birthday', now)];
  const lines = cards.map(({ key, state }) =>
    say('scenarioLine', {
      key,
      name: word(deps, locale, `console.scenario.${key}`),
      state: word(deps, locale, `console.state.${state}`),
    }),
  );
  return say('scenarios', { branch: branch.name, lines: linesOf(deps, locale, lines) });
}

/** `/on` and `/off`: switches a scenario, or says everything that is missing; `branch` null is the whole clinic. */
export async function switchScenario(
  deps: CommandDependencies,
  { locale, now }: Asking,
  scenario: ScenarioKey,
  branch: Branch | null,
  enabled: boolean,
): Promise<Content> {
  const name = word(deps, locale, `console.scenario.${scenario}`);
  const place = branch?.name ?? word(deps, locale, 'admin.commands.wholeClinic');
  try {
    const card = await deps.cards.change(branch?.id ?? null, scenario, { enabled }, now);
    return say(card.enabled ? 'switchedOn' : 'switchedOff', { name, branch: place });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'preconditions') throw error;
    const { fixes = [] } = error.details as { readonly fixes?: readonly Fix[] };
    const lines = linesOf(
      deps,
      locale,
      fixes.map(({ key }) => ({ key, values: {} })),
    );
    return say('notYet', { name, branch: place, lines });
  }
}
