import Joi from 'joi';
import { DAY_MS } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { LinkToken } from '../core/staff.ts';
import type { AdminDependencies } from './dependencies.ts';
import { presentInstant } from './presenters/instant.ts';

const GOOD_FOR_DAYS = 7;

/** What a new deep link answers with. */
export const linkAnswer = {
  url: Joi.string().required(),
  token: Joi.string().required(),
  expiresAt: Joi.string().required(),
};

/** Makes a deep link of one use that joins a Telegram chat to a patient or a member of staff; the token is shown once and stored hashed (spec: api.md, Channels and people). */
export async function makeTelegramLink(
  {
    stores,
    clock,
    newToken,
    hashToken,
    botName,
  }: Pick<AdminDependencies, 'stores' | 'clock' | 'newToken' | 'hashToken' | 'botName'>,
  kind: LinkToken['kind'],
  subject: string,
): Promise<{ url: string; token: string; expiresAt: string }> {
  const bot = botName();
  if (bot === null)
    throw new AppError('channelOff', 'Telegram is not set up, or has not told the name of its bot yet.');
  const token = newToken();
  const expiresAt = new Date(clock.now().getTime() + GOOD_FOR_DAYS * DAY_MS);
  await stores.linkTokens.add(hashToken(token), { kind, subject, expiresAt });
  return { url: `https://t.me/${bot}?start=${token}`, token, expiresAt: presentInstant(expiresAt, null) };
}
