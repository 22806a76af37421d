import type { Branch } from '../core/branch.ts';
import type { BranchOverview, Cards, Fix, Overview, Problem, ScenarioCard } from '../core/card.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import { DAY_MS } from '../core/clock.ts';
import type { Render } from '../core/content.ts';
import { AppError } from '../core/errors.ts';
import type { Follower } from '../core/follower.ts';
import type { ScenarioCounts } from '../core/message.ts';
import { BRANCH_SCENARIOS, blockOf, type ScenarioKey, type ScenarioSwitch, type SettingsOf } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';
import { priceOf } from './decide.ts';
import { exampleOf } from './example.ts';
import { addOutcomes, type OutcomeStores, outcomesOf } from './outcomes.ts';
import { channelsOf, firstAble, isBlocking, placeToMend, problemsOfAll, type Standing } from './preconditions.ts';
import { readSettings } from './settings.ts';
import { readStanding } from './standing.ts';

export interface CardsDeps {
  readonly stores: OutcomeStores & Pick<Stores, 'branches' | 'switches' | 'services' | 'tariffs' | 'ledger'>;
  readonly health: () => ChannelsHealth;
  readonly render: Render;
  /** Told when settings or a switch changed, to plan anew. */
  readonly follower: Pick<Follower, 'settingsChanged'>;
  /** Channels that send approved templates outside their window, in place of own texts; none by default. */
  readonly templated?: readonly ChannelName[];
}

const WEEK_MS = 7 * DAY_MS;
const NO_COUNTS: ScenarioCounts = { sent: 0, delivered: 0, read: 0, failed: 0, skipped: {} };

/** Cards, switches and settings over the stores; nothing is kept in between. */
export function createCards({ stores, health, render, follower, templated = [] }: CardsDeps): Cards {
  const standingDeps = { stores, health, templated };

  return {
    async card(branch, key, now) {
      return cardOf(branch, key, await standingsFor(branch, now), now);
    },
    async ofBranch(branch, now) {
      const standings = await standingsFor(branch, now);
      return Promise.all(BRANCH_SCENARIOS.map((key) => cardOf(branch, key, standings, now)));
    },
    async overview(now, branch) {
      return overview(branch === undefined ? await everywhere(now) : await standingsFor(branch, now), now);
    },
    async change(branch, key, change, now) {
      const before = await standingsFor(branch, now);
      const settings = checked(branch, key, change.settings ?? {}, before);
      refuseUnmet(branch, key, before, { ...change, settings });
      await stores.switches.change(branch, key, { ...change, settings }, now);
      await follower.settingsChanged(branch, key);
      return cardOf(branch, key, await standingsFor(branch, now), now);
    },
    async resetText(branch, key, now) {
      await standingsFor(branch, now);
      await stores.switches.change(branch, key, { resetTexts: true }, now);
      return cardOf(branch, key, await standingsFor(branch, now), now);
    },
    async example(branch, key, options, now) {
      const [standing] = await standingsFor(branch, now);
      if (standing === undefined) throw new AppError('conflict', 'there is no branch yet to show an example of');
      return exampleOf(key, standing, options, render, now);
    },
  };

  type Here = Awaited<ReturnType<typeof readStanding>>;

  async function everywhere(now: Date): Promise<readonly Here[]> {
    const branches = await stores.branches.all();
    return Promise.all(branches.map((one) => readStanding(standingDeps, one, now)));
  }

  /** Of one branch, or of every one for the clinic-wide birthday. */
  async function standingsFor(branch: string | null, now: Date): Promise<readonly Here[]> {
    if (branch === null) return everywhere(now);
    const found: Branch | null = await stores.branches.get(branch);
    if (found === null) throw new AppError('notFound', 'there is no such branch');
    return [await readStanding(standingDeps, found, now)];
  }

  async function cardOf(
    branch: string | null,
    key: ScenarioKey,
    standings: readonly Standing[],
    now: Date,
  ): Promise<ScenarioCard> {
    const current: ScenarioSwitch = await stores.switches.get(branch, key);
    const problems = problemsOfAll(key, standings);
    const since = current.firstEnabledAt;
    const [counts, outcomes, spend, next7Days, last7Days] = await Promise.all([
      since === null ? NO_COUNTS : stores.outbox.counts(key, branch, since),
      since === null ? {} : outcomesOf(stores, key, branch, since),
      since === null ? 0 : stores.ledger.spentBy(branch, key, since),
      current.enabled
        ? stores.outbox.countDue(key, branch, { from: now, to: new Date(now.getTime() + WEEK_MS) }, 'planned')
        : 0,
      stores.outbox.countDue(key, branch, { from: new Date(now.getTime() - WEEK_MS), to: now }, 'sent'),
    ]);
    return {
      key,
      branch,
      block: blockOf(key),
      enabled: current.enabled,
      state: stateOf(current.enabled, problems),
      problems,
      fixes: fixesOf(problems, key, branch),
      ...pricesOf(key, standings[0]),
      settings: current.settings,
      ...counts,
      outcomes,
      spend,
      next7Days,
      last7Days,
    };
  }

  async function overview(standings: readonly Here[], now: Date): Promise<Overview> {
    const birthday = await cardOf(null, 'birthday', standings, now);
    const perBranch = await Promise.all(
      standings.map(async (standing) => ({
        standing,
        cards: await Promise.all(BRANCH_SCENARIOS.map((key) => cardOf(standing.branch.id, key, [standing], now))),
      })),
    );
    const cards = [...perBranch.flatMap((one) => one.cards), birthday];
    const working = cards.filter(isWorking);
    const tally = (block: ScenarioCard['block']): { working: number; total: number } => ({
      working: working.filter((card) => card.block === block).length,
      total: cards.filter((card) => card.block === block).length,
    });
    const enabled = cards.filter((card) => card.enabled);
    return {
      state: enabled.length === 0 ? 'off' : enabled.every(isWorking) ? 'working' : 'notWorking',
      working: working.length,
      total: cards.length,
      share: working.length / cards.length,
      blocks: { warming: tally('warming'), growth: tally('growth') },
      outcomes: addOutcomes(cards),
      spend: cards.reduce((sum, card) => sum + card.spend, 0),
      branches: perBranch.map(({ standing, cards: own }): BranchOverview => {
        const works = own.filter(isWorking).length;
        const { id, currency } = standing.branch;
        return {
          branch: id,
          working: works,
          total: own.length,
          share: works / own.length,
          balance: standing.balance,
          currency,
        };
      }),
    };
  }
}

function isWorking({ state }: ScenarioCard): boolean {
  return state === 'working' || state === 'workingWithProblems';
}

function stateOf(enabled: boolean, problems: readonly Problem[]): ScenarioCard['state'] {
  if (!enabled) return 'off';
  if (problems.some(isBlocking)) return 'notWorking';
  return problems.length > 0 ? 'workingWithProblems' : 'working';
}

function fixesOf(problems: readonly Problem[], key: ScenarioKey, branch: string | null): readonly Fix[] {
  return problems.map((problem) => ({
    problem,
    key: `scenarios.problems.${problem}`,
    path: placeToMend(problem, key, branch),
  }));
}

function pricesOf(key: ScenarioKey, standing: Standing | undefined): Pick<ScenarioCard, 'price' | 'prices'> {
  if (standing === undefined) return { price: 0, prices: {} };
  const priced = channelsOf(key, standing).map((channel): [ChannelName, number] => [
    channel,
    priceOf({ key }, standing, channel, ''),
  ]);
  const able = firstAble(key, standing) ?? priced[0]?.[0];
  return { price: priced.find(([channel]) => channel === able)?.[1] ?? 0, prices: Object.fromEntries(priced) };
}

function checked<K extends ScenarioKey>(
  branch: string | null,
  key: K,
  given: Readonly<Record<string, unknown>>,
  standings: readonly Standing[],
): Partial<SettingsOf[K]> {
  const read = readSettings(key, given, branch === null ? null : (standings[0]?.branch ?? null));
  if ('settings' in read) return read.settings;
  throw new AppError('invalid', read.flaws.map(({ path, message }) => `${path}: ${message}`).join('; '), read.flaws);
}

/** Switching on needs every condition; while it is on, a setting may not take away one that was met. */
function refuseUnmet(
  branch: string | null,
  key: ScenarioKey,
  before: readonly Standing[],
  change: { readonly enabled?: boolean; readonly settings: Partial<SettingsOf[ScenarioKey]> },
): void {
  const isOn = before.some(({ switches }) => switches[key].enabled);
  if (!(change.enabled ?? isOn)) return;
  const after = before.map((standing) => withSettings(standing, key, change.settings));
  const unmet = problemsOfAll(key, after).filter(isBlocking);
  const known = isOn ? problemsOfAll(key, before) : [];
  const problems = unmet.filter((problem) => !known.includes(problem));
  if (problems.length === 0) return;
  const all = isOn ? problems : unmet;
  throw new AppError('preconditions', 'the scenario cannot work yet', {
    problems: all,
    fixes: fixesOf(all, key, branch),
  });
}

function withSettings(standing: Standing, key: ScenarioKey, settings: object): Standing {
  const current = standing.switches[key];
  const next = { ...current, settings: { ...current.settings, ...settings } };
  return { ...standing, switches: { ...standing.switches, [key]: next } };
}
