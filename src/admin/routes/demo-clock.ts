import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { DateTime, Duration } from 'luxon';
import type { ClockMove } from '../../core/demo.ts';
import { invalid } from '../../core/errors.ts';
import type { DemoPorts } from '../dependencies.ts';
import { duration, instant } from '../fields/instant.ts';
import { presentInstant } from '../presenters/instant.ts';
import { defineRoute } from '../route.ts';

interface MoveInput {
  readonly to?: Date;
  readonly advance?: string;
  readonly run?: boolean;
}

const group = 'demo';
const path = '/demo/clock';

const move = Joi.object<MoveInput>({
  to: instant(),
  advance: duration({ orZero: true }).description('an ISO 8601 duration, such as PT3H'),
  run: Joi.boolean().description('go with real time, or stop'),
})
  .xor('to', 'advance', 'run')
  .required()
  .label('ClockMove');

const shown = { now: Joi.string().required(), running: Joi.boolean(), nextAt: Joi.string().allow(null) };
const state = Joi.object(shown).label('Clock');
const moved = Joi.object({
  now: Joi.string().required(),
  sent: Joi.number().integer().required(),
  skipped: Joi.number().integer().required(),
}).label('ClockMoved');

/** The movable clock of the demo, and the way back to its start. */
export function demoClockRoutes({ replay, reset }: DemoPorts): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'Where the clock stands, whether it runs, and when something falls due next',
      answers: { 200: state },
      handle: async () => ({ status: 200, body: await present() }),
    }),
    defineRoute({
      method: 'POST',
      path,
      group,
      summary: 'Move the clock; what falls due on the way happens, each at its own moment',
      body: move,
      answers: { 200: moved },
      errors: ['clockBackwards'],
      handle: async ({ body }) => {
        const { now, sent, skipped } = await replay.move(readMove(body, replay.state().now));
        return { status: 200, body: { now: presentInstant(now, null), sent, skipped } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/demo/reset',
      group,
      summary: 'Empty the database and start the demo anew',
      answers: { 200: state },
      handle: async () => {
        await reset();
        return { status: 200, body: await present() };
      },
    }),
  ];

  async function present(): Promise<object> {
    const { now, running } = replay.state();
    const nextAt = await replay.nextAt();
    return { now: presentInstant(now, null), running, nextAt: nextAt && presentInstant(nextAt, null) };
  }
}

function readMove({ to, advance, run }: MoveInput, now: Date): ClockMove {
  if (to !== undefined) return { to };
  if (advance !== undefined)
    return {
      advanceMs: DateTime.fromJSDate(now, { zone: 'utc' }).plus(Duration.fromISO(advance)).toMillis() - now.getTime(),
    };
  if (run !== undefined) return { run };
  // unreachable: the schema asks for exactly one of the three
  throw invalid('body', 'must name to, advance or run');
}
