import type { SendResult } from '../../src/core/channel.ts';
import { outgoing } from './outgoing.ts';
import type { TelegramBench } from './telegram-bench.ts';

/** Sends somebody the details of a visit. */
export const sendTo = ({ channel }: TelegramBench, to = '700'): Promise<SendResult> => channel.send(outgoing({ to }));

/** How often the bot has called this method. */
export const callsOf = ({ server }: Pick<TelegramBench, 'server'>, method: string): number =>
  server.calls.filter((call) => call.method === method).length;
