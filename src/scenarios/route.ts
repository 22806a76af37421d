import type { ChannelName } from '../core/channel-name.ts';
import type { Phone } from '../core/phone.ts';
import type { ChannelTried } from '../core/reason.ts';
import { addressOn, isStopped, lastInboundChannel } from './addressee.ts';
import type { ScenarioDefinition } from './definition.ts';
import type { Facts } from './facts.ts';

/** How a message would travel: on a channel, held back by one's limits, by none for now, or refused by each for good. */
export type Route =
  | {
      readonly kind: 'able';
      readonly channel: ChannelName;
      readonly to: string;
      readonly tried: readonly ChannelTried[];
    }
  | { readonly kind: 'limited'; readonly until: Date; readonly tried: readonly ChannelTried[] }
  | { readonly kind: 'none'; readonly tried: readonly ChannelTried[] }
  | { readonly kind: 'refused'; readonly tried: readonly ChannelTried[] };

/** The channels in the order in which they are tried (spec: scenarios.md, Channels). Ones that the settings add and the branch does not name come last. */
function cascade(definition: Pick<ScenarioDefinition, 'key'>, facts: Facts): readonly ChannelName[] {
  const preferred = facts.addressee.person.channel;
  const last = lastInboundChannel(facts.addressee);
  const added = facts.switches[definition.key].settings.channels ?? [];
  return [
    ...new Set([
      ...(preferred === undefined || preferred === 'none' ? [] : [preferred]),
      ...(last === null ? [] : [last]),
      ...facts.branch.channels,
      ...added,
    ]),
  ];
}

/** Finds the first able channel; why each other one was passed over is kept. One that its limits hold back until the latest moment is none. */
export function findRoute(
  definition: Pick<ScenarioDefinition, 'key' | 'channels'>,
  facts: Facts,
  phone: Phone | null,
  { now, latestAt }: { readonly now: Date; readonly latestAt: Date },
): Route {
  const allowed = facts.switches[definition.key].settings.channels ?? definition.channels;
  const looks = cascade(definition, facts).map((channel) => look(channel, { allowed, facts, phone, latestAt }));
  const found = looks.find((one) => one.to !== null);
  const tried = looks.map(
    ({ channel, reason }): ChannelTried =>
      channel === found?.channel ? { channel, used: true } : { channel, used: false, ...(reason && { reason }) },
  );
  if (found?.to) {
    const health = facts.health[found.channel];
    const until = health.state === 'limited' ? health.limitedUntil : undefined;
    if (until !== undefined && until > now) {
      return { kind: 'limited', until, tried: tried.map((one) => ({ ...one, used: false })) };
    }
    return { kind: 'able', channel: found.channel, to: found.to, tried };
  }
  const mayComeBack = looks.some((one) => one.reason === 'notConnected' && one.reachable);
  return { kind: facts.refusedOn.length > 0 && !mayComeBack ? 'refused' : 'none', tried };
}

interface Look {
  readonly channel: ChannelName;
  readonly to: string | null;
  readonly reason?: NonNullable<ChannelTried['reason']>;
  /** It is set up and the person has an address there: only its connection is missing. */
  readonly reachable: boolean;
}

interface Looking {
  readonly allowed: readonly ChannelName[];
  readonly facts: Facts;
  readonly phone: Phone | null;
  readonly latestAt: Date;
}

function look(channel: ChannelName, { allowed, facts, phone, latestAt }: Looking): Look {
  if (!allowed.includes(channel)) return { channel, to: null, reason: 'notAllowed', reachable: false };
  const at = addressOn(facts.addressee, channel, phone);
  const { state, limitedUntil } = facts.health[channel];
  const inTime = state === 'up' || (state === 'limited' && (limitedUntil === undefined || limitedUntil < latestAt));
  if (!inTime) {
    const reachable = at !== null && state !== 'off' && !facts.refusedOn.includes(channel);
    return { channel, to: null, reason: 'notConnected', reachable };
  }
  if (at === null) return { channel, to: null, reason: 'noIdentity', reachable: false };
  if (facts.refusedOn.includes(channel) || isStopped(facts.addressee, at)) {
    return { channel, to: null, reason: 'refused', reachable: false };
  }
  return { channel, to: at.address, reachable: true };
}
