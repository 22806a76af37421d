import type { Channel, ChannelHealth, ChannelPace } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import { type Clock, DAY_MS, type WallClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { MessageKind } from '../core/message.ts';
import { chatPace, type PaceStore } from '../core/pace-store.ts';
import { createDepartures, type Departure, type Departures } from './departures.ts';
import { createGroupTurns } from './group-turns.ts';

/** When a message may be handed over: at this moment of real time, or not before that one of the clock; `queued`: its group's turn, which no channel that comes up brings forward. */
type Turn = { readonly atMs: number } | { readonly notBefore: Date; readonly queued?: true };

interface TurnRequest {
  readonly channel: ChannelName;
  readonly to: string;
  /** Replies, alerts and staff messages go at once, and bulk makes room; in a group they have its rhythm, alerts first. */
  readonly kind: MessageKind;
  /** It has waited for its turn in a group before. */
  readonly again: boolean;
  /** Whether this chat has ever written to us; asked only where the channel counts strangers. */
  readonly isCold: () => Promise<boolean>;
}

/** Keeps every channel within its platform's limits (`pace` of the channel), all instances together, and nothing inside a retry_after. */
export interface Pacing {
  /** The channel answered "not before"; a shorter pause never cuts a longer one. */
  limit(channel: ChannelName, until: Date): void;
  /** The moment until which the channel is to be left alone; null when it may be used. */
  limitedUntil(channel: ChannelName): Date | null;
  /** Takes the next place of the channel's rhythm. Channels without a pace go at once. */
  turn(request: TurnRequest): Promise<Turn>;
  /**
   * Call it when the turn has come, before the attempt is on record: waits where a busy machine has pushed too many sends into
   * one second, and looks again whether the channel is to be left alone.
   */
  leaving(channel: ChannelName, urgent: boolean): Promise<Departure | { readonly notBefore: Date }>;
  /** The channel's own word with our knowledge of its limits over it. */
  over(channel: ChannelName, health: ChannelHealth): ChannelHealth;
  /** Limits that an earlier run, or another instance, met. Call it before the first send. */
  load(): Promise<void>;
}

/** Of a rhythm slower than this a busy machine pushes nothing together. */
const CROWDED_PER_SECOND = 2;
const AT_ONCE: Departure = { arrived: () => undefined, unused: () => undefined };
/** Promises that are over are forgotten when there are more. */
const MOST_PROMISED = 1_000;

interface Limit {
  readonly since: Date;
  readonly until: Date;
}

/**
 * Limits of simulated channels follow the demo's clock and die with the process; those of platforms follow real time and are
 * kept in the store (spec: reliability.md B4, 12 and 28).
 */
export function createPacing(deps: {
  clock: Clock;
  wall: WallClock;
  channels: ReadonlyMap<ChannelName, Pick<Channel, 'pace'>>;
  paces: PaceStore;
  chance: () => number;
  /** Resolves after so many real milliseconds. */
  pause: (ms: number) => Promise<void>;
  /** A place further ahead is not waited for with a claimed row in hand; well within a lease. */
  withinMs?: number;
  log: Log;
}): Pacing {
  const { clock, wall, channels, paces, withinMs = 2_000, log } = deps;
  const limits = new Map<ChannelName, Limit>();
  /** Rows that found all places taken are spread over those that follow. */
  const promised = new Map<string, number>();
  const departures = new Map<ChannelName, Departures>();
  const inGroups = createGroupTurns({ paces, withinMs });

  /** Real time and the demo's clock stand apart; a distance is the same in both. */
  const toMs = (until: Date): number => wall.nowMs() + until.getTime() - clock.now().getTime();
  const toDate = (ms: number): Date => new Date(clock.now().getTime() + ms - wall.nowMs());
  const paceOf = (channel: ChannelName): ChannelPace | null => channels.get(channel)?.pace ?? null;

  const current = (channel: ChannelName): Limit | undefined => {
    const limit = limits.get(channel);
    const now = clock.now();
    // A clock that went back (the demo was reset) takes its limits with it.
    if (limit === undefined || (limit.until > now && limit.since <= now)) return limit;
    limits.delete(channel);
    return undefined;
  };

  const note = (channel: ChannelName, until: Date): boolean => {
    const known = current(channel);
    if (known !== undefined && known.until >= until) return false;
    limits.set(channel, { since: known?.since ?? clock.now(), until });
    return true;
  };

  const gapOf = ({ perSecond, betweenMs }: ChannelPace): number => {
    if (betweenMs === undefined) return 1000 / perSecond;
    const [shortest, longest] = betweenMs;
    return shortest + deps.chance() * (longest - shortest);
  };

  /** All places within reach are taken: each further row gets a later moment to look again, not the same one. */
  const later = (key: string, busyUntilMs: number, gapMs: number): { readonly notBefore: Date } => {
    const nowMs = wall.nowMs();
    if (promised.size > MOST_PROMISED) for (const [other, ms] of promised) if (ms <= nowMs) promised.delete(other);
    const atMs = Math.max(busyUntilMs, promised.get(key) ?? 0);
    promised.set(key, atMs + gapMs);
    return { notBefore: toDate(Math.max(atMs, nowMs + 1)) };
  };

  const groupTurn = async (
    channel: ChannelName,
    { groups }: ChannelPace,
    { to, ...asked }: { to: string; nowMs: number; alert: boolean; again: boolean },
  ): Promise<Turn | null> => {
    const address = groups?.of(to) ?? null;
    if (groups === undefined || address === null) return null;
    const group = chatPace({ channel, address });
    const turn = await inGroups({ ...asked, group, eachMs: groups.eachMs });
    if ('atMs' in turn) return turn;
    if (!turn.spread) return { notBefore: toDate(turn.lookAtMs), queued: true };
    return { ...later(`${group} ${asked.alert ? 'alerts' : 'rest'}`, turn.lookAtMs, groups.eachMs), queued: true };
  };

  const departureOf = (channel: ChannelName, { perSecond }: ChannelPace, urgent: boolean): Promise<Departure> => {
    if (perSecond < CROWDED_PER_SECOND) return Promise.resolve(AT_ONCE);
    const known = departures.get(channel) ?? createDepartures({ perSecond, wall, pause: deps.pause });
    departures.set(channel, known);
    return known.next(urgent);
  };

  /** Takes over a silence that another instance, or an earlier run, was asked for. */
  const heed = async (channel: ChannelName): Promise<number> => {
    const closedMs = await paces.closedUntilMs(channel);
    if (closedMs > wall.nowMs()) note(channel, toDate(closedMs));
    return closedMs;
  };

  return {
    limit(channel, until) {
      if (!note(channel, until) || paceOf(channel) === null) return;
      paces.close(channel, toMs(until)).catch((error: unknown) => log.warn('pacing.unsaved', { channel, error }));
    },
    limitedUntil: (channel) => current(channel)?.until ?? null,
    async turn({ channel, to, kind, again, isCold }) {
      const nowMs = wall.nowMs();
      const pace = paceOf(channel);
      if (pace === null) return { atMs: nowMs };
      const urgent = kind !== 'scenario';
      const inGroup = await groupTurn(channel, pace, { to, nowMs, alert: kind === 'alert', again });
      if (inGroup !== null && 'notBefore' in inGroup) return inGroup;
      const gapMs = gapOf(pace);
      const place = await paces.take(channel, { nowMs, gapMs, withinMs, urgent });
      if ('busyUntilMs' in place) {
        const closedMs = await heed(channel);
        // A reply waits for the end of the silence alone, not behind the bulk that was spread over the time after it.
        if (urgent) return { notBefore: toDate(Math.max(closedMs, nowMs + 1)) };
        return later(channel, place.busyUntilMs, gapMs);
      }
      if (inGroup !== null) return { atMs: Math.max(inGroup.atMs, place.atMs) };
      if (urgent) return place;
      if (pace.coldPerDay !== undefined && (await isCold())) {
        const day = new Date(nowMs).toISOString().slice(0, 10);
        if (!(await paces.count(`${channel} cold`, day, pace.coldPerDay)))
          return { notBefore: toDate(Math.ceil((nowMs + 1) / DAY_MS) * DAY_MS) };
      }
      if (pace.perChatMs === 0) return place;
      const chat = chatPace({ channel, address: to });
      const own = { nowMs: place.atMs, gapMs: pace.perChatMs, withinMs, urgent };
      const inChat = await paces.take(chat, own);
      return 'atMs' in inChat ? inChat : later(chat, inChat.busyUntilMs, pace.perChatMs);
    },
    async leaving(channel, urgent) {
      const pace = paceOf(channel);
      if (pace === null) return AT_ONCE;
      const departure = await departureOf(channel, pace, urgent);
      try {
        // What is urgent has looked a moment ago, when it took its turn.
        if (!urgent) await heed(channel);
      } catch (error) {
        departure.unused();
        throw error;
      }
      const limit = current(channel);
      if (limit === undefined) return departure;
      departure.unused();
      return { notBefore: limit.until };
    },
    over(channel, health) {
      const limit = current(channel);
      if (limit === undefined || (health.state !== 'up' && health.state !== 'limited')) return health;
      const until =
        health.limitedUntil !== undefined && health.limitedUntil > limit.until ? health.limitedUntil : limit.until;
      return { ...health, state: 'limited', since: limit.since, limitedUntil: until };
    },
    async load() {
      for (const [channel, { pace }] of channels) {
        if (pace !== undefined) await heed(channel);
      }
    },
  };
}
