import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { CHANNELS } from '../../core/channel-name.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { listOf, type PageQuery, pageQuery, pageWhole } from '../fields/page.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

const answer = Joi.object({
  channel: Joi.string().required(),
  state: Joi.string().valid('up', 'down', 'connecting', 'limited', 'off').required(),
  since: Joi.string().required(),
  detail: Joi.string(),
}).label('Channel');

/** `GET /channels`: how each channel is; one that is not set up is `off`. */
export function channelRoutes({ health }: Pick<AdminDependencies, 'health'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/channels',
      group: 'channels and people',
      summary: 'How each channel is',
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: listOf(answer, 'channelsList') },
      handle: async ({ query }) => {
        const states = health();
        const items = CHANNELS.map((channel) => {
          const { state, since, detail } = states[channel];
          return { channel, state, since: presentInstant(since, null), detail };
        });
        return { status: 200, body: pageWhole(items, query) };
      },
    }),
  ];
}
