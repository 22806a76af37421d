import { DateTime } from 'luxon';
import type { Branch, BranchStore } from '../core/branch.ts';
import type { ChannelHealth, ChannelsHealth } from '../core/channel.ts';
import type { ChannelMemory } from '../core/channel-memory.ts';
import type { ChannelName } from '../core/channel-name.ts';
import { type Clock, MINUTE_MS } from '../core/clock.ts';
import type { Render } from '../core/content.ts';
import type { Log } from '../core/log.ts';
import type { NewMessage, Sender } from '../core/message.ts';

/** A channel that links itself again within this time is no news. */
const PATIENCE_MS = 2 * MINUTE_MS;
const TOLD = 'toldDown';

/**
 * Tells the heads of the branches once when a channel of theirs has been out of order for two minutes (spec: communications.md,
 * "to the clinic: channel down"; reliability.md B4, 33). Looks when called; one outage is one alert, over restarts too.
 */
export function createChannelWatch(deps: {
  health: () => ChannelsHealth;
  branches: Pick<BranchStore, 'all'>;
  memory: ChannelMemory;
  sender: Pick<Sender, 'enqueue'>;
  /** For the channel's name in the branch's language. */
  render: Render;
  clock: Clock;
  log: Log;
}): () => Promise<void> {
  const { memory, clock, log } = deps;

  const look = async (channel: ChannelName, { state, since, detail }: ChannelHealth): Promise<void> => {
    const told = await memory.get(channel, TOLD);
    if (state === 'up' || state === 'limited' || state === 'off') {
      if (told !== null) await memory.forget(channel, TOLD);
      return;
    }
    if (told !== null || clock.now().getTime() - since.getTime() < PATIENCE_MS) return;
    const rows = (await deps.branches.all())
      .filter((branch) => branch.channels.includes(channel))
      .flatMap((branch) => alertsTo(branch, channel, { since, detail: detail ?? state }, clock.now(), deps.render));
    log.warn('channel.down', { channel, detail: detail ?? state });
    await deps.sender.enqueue(rows);
    await memory.set(channel, TOLD, clock.now().toISOString());
  };

  return async () => {
    for (const [name, health] of Object.entries(deps.health()) as [ChannelName, ChannelHealth][]) {
      try {
        await look(name, health);
      } catch (error) {
        log.warn('channel.watchFailed', { channel: name, error });
      }
    }
  };
}

/** By e-mail and Telegram, as set, but never by the channel that is down. A code to link a phone with is no news to tell. */
function alertsTo(
  branch: Branch,
  down: ChannelName,
  { since, detail }: { since: Date; detail: string },
  now: Date,
  render: Render,
): readonly NewMessage[] {
  const at = DateTime.fromJSDate(since, { zone: branch.timezone }).toFormat('dd.MM HH:mm');
  const { email, telegram } = branch.head ?? {};
  const ways = [
    ['email', email],
    ['telegram', telegram],
  ] as const;
  return ways.flatMap(([channel, to]) =>
    to === undefined || channel === down
      ? []
      : [
          {
            key: `channelDown:${down}:${since.toISOString()}:${branch.id}:${channel}`,
            kind: 'alert' as const,
            patient: null,
            branch: branch.id,
            dueAt: now,
            channel,
            to,
            locale: branch.locale,
            content: {
              key: 'bots.alert.channelDown',
              values: {
                channel: render({ key: `console.channel.${down}`, values: {} }, branch.locale).text,
                branch: branch.name,
                at,
                detail: detail.split(':')[0] ?? detail,
              },
            },
          },
        ],
  );
}
