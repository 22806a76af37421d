import type { Branch } from '../core/branch.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Stores } from '../core/stores.ts';
import type { Standing } from './preconditions.ts';

export interface StandingDeps {
  readonly stores: Pick<Stores, 'switches' | 'services' | 'tariffs' | 'ledger'>;
  readonly health: () => ChannelsHealth;
  /** Channels that send approved templates outside their window, in place of own texts. */
  readonly templated: readonly ChannelName[];
}

/** Reads by what a branch's conditions are judged, as it stands now. */
export async function readStanding(
  { stores, health, templated }: StandingDeps,
  branch: Branch,
  now: Date,
): Promise<Standing & { readonly balance: number }> {
  const [switches, prices, funds, before, after] = await Promise.all([
    stores.switches.ofBranch(branch.id),
    stores.tariffs.at(branch.currency, now),
    stores.ledger.funds(branch.id),
    stores.services.someLack('recommendationsBefore'),
    stores.services.someLack('recommendationsAfter'),
  ]);
  return {
    branch,
    switches,
    health: health(),
    prices,
    available: funds.balance - funds.reserved,
    balance: funds.balance,
    lacking: { recommendationsBefore: before, recommendationsAfter: after },
    templated,
  };
}
