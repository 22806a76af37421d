import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { ChannelHealth } from '../../core/channel.ts';
import { CHANNELS, type ChannelName } from '../../core/channel-name.ts';
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

const purged = Joi.object({ purged: Joi.number().integer().required() }).label('Purged');

const params = Joi.object<{ channel: ChannelName }>({
  channel: Joi.string()
    .valid(...CHANNELS)
    .required(),
});

/** `GET /channels`: how each channel is; one that is not set up is `off`. And what staff do with one. */
export function channelRoutes({
  health,
  channelControl,
}: Pick<AdminDependencies, 'health' | 'channelControl'>): readonly ServerRoute[] {
  const change = (step: 'connect' | 'disconnect', summary: string): ServerRoute =>
    defineRoute({
      method: 'POST',
      path: `/channels/{channel}/${step}`,
      group: 'channels and people',
      summary,
      params,
      answers: { 200: answer },
      errors: ['channelOff'],
      handle: async ({ params: { channel } }) => ({
        status: 200,
        body: present(channel, await channelControl[step](channel)),
      }),
    });
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
        return {
          status: 200,
          body: pageWhole(
            CHANNELS.map((channel) => present(channel, states[channel])),
            query,
          ),
        };
      },
    }),
    change('connect', 'Starts a channel again; a linked phone shows its code in `detail`'),
    change('disconnect', 'Stops a channel until it is connected again'),
    defineRoute({
      method: 'POST',
      path: '/channels/{channel}/purge-queue',
      group: 'channels and people',
      summary: 'Cancels what is due and waits for this channel, so that it does not go out in one burst',
      params,
      answers: { 200: purged },
      errors: ['channelOff'],
      handle: async ({ params: { channel } }) => ({
        status: 200,
        body: { purged: await channelControl.purgeQueue(channel) },
      }),
    }),
  ];
}

function present(channel: ChannelName, { state, since, detail }: ChannelHealth) {
  return { channel, state, since: presentInstant(since, null), detail };
}
