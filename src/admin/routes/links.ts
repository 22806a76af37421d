import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { defineRoute } from '../route.ts';
import { linkAnswer, makeTelegramLink } from '../telegram-link.ts';

/** `POST /patients/{patient}/links`: a deep link that joins the patient's Telegram chat. */
export function linkRoutes(
  deps: Pick<AdminDependencies, 'stores' | 'clock' | 'newToken' | 'hashToken' | 'botName'>,
): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/patients/{patient}/links',
      group: 'channels and people',
      summary: 'A deep link of one use, good for 7 days',
      params: Joi.object<{ patient: string }>({ patient: key().required() }),
      body: Joi.object<{ channel: 'telegram' }>({ channel: Joi.string().valid('telegram').required() })
        .required()
        .label('LinkRequest'),
      answers: { 201: Joi.object(linkAnswer).label('Link') },
      errors: ['notFound', 'channelOff'],
      handle: async ({ params: { patient } }) => {
        if ((await deps.stores.patients.get(patient)) === null)
          throw new AppError('notFound', `There is no patient ${patient}.`);
        return { status: 201, body: await makeTelegramLink(deps, 'patient', patient) };
      },
    }),
  ];
}
