import type { Branch } from '../core/branch.ts';
import type { Problem } from '../core/card.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Prices } from '../core/money.ts';
import { blockOf, type ScenarioKey, type Switches } from '../core/scenario.ts';
import { traitsOf } from './catalogue.ts';
import { priceOf } from './decide.ts';

/** What the conditions of a branch's scenarios are judged by. */
export interface Standing {
  readonly branch: Branch;
  readonly switches: Switches;
  readonly health: ChannelsHealth;
  readonly prices: Prices;
  readonly available: number;
  /** Some service lacks its text. */
  readonly lacking: { readonly recommendationsBefore: boolean; readonly recommendationsAfter: boolean };
  /** Channels that send approved templates outside their window, not own texts. */
  readonly templated: readonly ChannelName[];
}

/** Problems beside which a scenario still works. */
const SOFT: readonly Problem[] = ['noServiceTexts', 'templateDiffers'];

/** Whether a problem stops the scenario. */
export function isBlocking(problem: Problem): boolean {
  return !SOFT.includes(problem);
}

/** The channels that a scenario may use in a branch, in the branch's order; those that only the settings name come last. */
export function channelsOf(
  key: ScenarioKey,
  { branch, switches }: Pick<Standing, 'branch' | 'switches'>,
): readonly ChannelName[] {
  const chosen = switches[key].settings.channels;
  const allowed = chosen ?? traitsOf(key).channels;
  return [...new Set([...branch.channels, ...(chosen ?? [])])].filter((channel) => allowed.includes(channel));
}

/** The first channel that is connected; the price of a card is its. */
export function firstAble(key: ScenarioKey, standing: Standing): ChannelName | null {
  const connected = (channel: ChannelName): boolean =>
    standing.health[channel].state === 'up' || standing.health[channel].state === 'limited';
  return channelsOf(key, standing).find(connected) ?? null;
}

/** Unmet conditions of a scenario in a branch, in the order of the spec (scenarios.md, Preconditions). */
function problemsIn(key: ScenarioKey, standing: Standing): readonly Problem[] {
  const { branch, switches, available, lacking, templated } = standing;
  const { survey, recommendationsBefore, birthday } = switches;
  const channels = channelsOf(key, standing);
  const able = firstAble(key, standing);
  const paid = able ?? channels[0];
  const price = paid === undefined ? 0 : priceOf({ key }, standing, paid, '');
  const alerts = { ...branch.head, ...survey.settings.alertTo };
  const isGrowth = blockOf(key) === 'growth';
  const sites = branch.reviewSites.filter(({ site }) => survey.settings.sites.includes(site));
  const hasOwnText = Object.keys(switches[key].settings.texts).length > 0;
  const unmet: readonly (readonly [Problem, boolean])[] = [
    ['noChannelConnected', able === null],
    ['noBalance', price > available],
    ['noHead', key === 'greeting' && !branch.head?.name],
    ['noHead', key === 'survey' && !alerts.email && !alerts.telegram],
    ['noReviewSites', key === 'survey' && sites.length === 0],
    ['noGeneralText', key === 'recommendationsBefore' && recommendationsBefore.settings.generalText.trim() === ''],
    ['noBooking', isGrowth && branch.bookingUrl === undefined && branch.slotsGivenAt === undefined],
    ['warmingFirst', isGrowth && !someWarmingWorks(standing)],
    [
      'noOffer',
      key === 'birthday' && (birthday.settings.percent === undefined || birthday.settings.validDays === undefined),
    ],
    ['noServiceTexts', key === 'recommendationsBefore' && lacking.recommendationsBefore],
    ['noServiceTexts', key === 'recommendationsAfter' && lacking.recommendationsAfter],
    ['templateDiffers', hasOwnText && channels.some((channel) => templated.includes(channel))],
  ];
  return unmet.filter(([, isUnmet]) => isUnmet).map(([problem]) => problem);
}

/** Growth comes after warming: one of that block works here (spec: scenarios.md, Blocks). */
function someWarmingWorks(standing: Standing): boolean {
  const keys = Object.keys(standing.switches) as readonly ScenarioKey[];
  return keys.some(
    (key) =>
      blockOf(key) === 'warming' &&
      standing.switches[key].enabled &&
      !problemsIn(key, standing).some((problem) => isBlocking(problem)),
  );
}

/** The clinic-wide birthday: a condition is unmet only where no branch meets it (spec: scenarios.md, birthday). */
export function problemsOfAll(key: ScenarioKey, standings: readonly Standing[]): readonly Problem[] {
  const [first, ...rest] = standings.map((standing) => problemsIn(key, standing));
  if (first === undefined) return ['noChannelConnected', 'noBalance', 'noBooking', 'warmingFirst'];
  return first.filter((problem) => rest.every((problems) => problems.includes(problem)));
}

/** The place that mends a problem, as a path of the API. */
export function placeToMend(problem: Problem, key: ScenarioKey, branch: string | null): string {
  const root = branch === null ? '/branches' : `/branches/${branch}`;
  switch (problem) {
    case 'noChannelConnected':
      return '/channels';
    case 'noBalance':
      return branch === null ? root : `${root}/balance/top-ups`;
    case 'noHead':
      return root;
    case 'noBooking':
      return branch === null ? root : `${root}/slots`;
    case 'warmingFirst':
      return branch === null ? root : `${root}/scenarios`;
    case 'noServiceTexts':
      return '/services';
    case 'noReviewSites':
    case 'noGeneralText':
    case 'noOffer':
    case 'templateDiffers':
      return branch === null ? `/scenarios/${key}` : `${root}/scenarios/${key}`;
    default:
      return problem satisfies never;
  }
}
