import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { AdminDependencies } from '../dependencies.ts';
import { throwKillSwitch } from '../kill-switch.ts';
import { defineRoute } from '../route.ts';

const state = Joi.object<{ on: boolean }>({ on: Joi.boolean().required() }).required().label('KillSwitch');

/** `GET|PUT /kill-switch`: holds back every scenario message of the clinic. */
export function killSwitchRoutes(deps: Pick<AdminDependencies, 'stores' | 'clock' | 'poke'>): readonly ServerRoute[] {
  const { stores, clock } = deps;
  const path = '/kill-switch';
  const group = 'scenarios';
  return [
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'Whether scenario messages are held back',
      answers: { 200: state },
      handle: async () => ({ status: 200, body: { on: await stores.killSwitch.isOn() } }),
    }),
    defineRoute({
      method: 'PUT',
      path,
      group,
      summary: 'Hold back every scenario message, or let them go',
      body: state,
      answers: { 200: state },
      handle: async ({ body: { on } }) => {
        await throwKillSwitch(deps, on, clock.now());
        return { status: 200, body: { on: await stores.killSwitch.isOn() } };
      },
    }),
  ];
}
