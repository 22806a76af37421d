import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { ChannelName } from '../../core/channel-name.ts';
import type { SimulatedMode } from '../../core/simulator.ts';
import type { DemoPorts } from '../dependencies.ts';
import { simulatedChannel } from '../fields/chat-address.ts';
import { defineRoute } from '../route.ts';

const mode = Joi.string().valid('up', 'down', 'limited', 'failing', 'silent').required();

/** `POST /demo/channels/{channel}`: makes a simulated platform misbehave. */
export function demoChannelRoutes({ simulator }: DemoPorts): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/demo/channels/{channel}',
      group: 'demo',
      summary: 'How a simulated channel behaves from now on',
      params: Joi.object<{ channel: ChannelName }>({ channel: simulatedChannel.required() }),
      body: Joi.object<{ mode: SimulatedMode }>({ mode }).required().label('ChannelMode'),
      answers: { 200: Joi.object({ channel: Joi.string(), mode }).label('ChannelModeSet') },
      handle: async ({ params: { channel }, body }) => {
        await simulator.setMode(channel, body.mode);
        return { status: 200, body: { channel, mode: body.mode } };
      },
    }),
  ];
}
