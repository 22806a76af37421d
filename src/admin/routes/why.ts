import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { WhyRow } from '../../core/decision.ts';
import { AppError } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageWhole } from '../fields/page.ts';
import { branchZones, zoneOf } from '../presenters/branch-zones.ts';
import { presentInstant } from '../presenters/instant.ts';
import { subjectAnswer } from '../presenters/message.ts';
import { defineRoute } from '../route.ts';

interface WhyQuery extends PageQuery {
  readonly patient?: string;
  readonly appointment?: string;
}

const row = Joi.object({
  scenario: Joi.string().required(),
  subject: subjectAnswer.required(),
  decision: Joi.string().valid('send', 'wait', 'skip').required(),
  reason: Joi.string(),
  rule: Joi.string().required(),
  at: Joi.string().required(),
  channelsTried: Joi.array()
    .items(
      Joi.object({
        channel: Joi.string().required(),
        used: Joi.boolean().required(),
        reason: Joi.string().valid('notConnected', 'noIdentity', 'notAllowed', 'refused'),
      }).label('ChannelTried'),
    )
    .required(),
  messages: Joi.array().items(Joi.string()).required(),
}).label('WhyRow');

/** `GET /why?patient|appointment`: each scenario's newest decision and the rule that made it. */
export function whyRoutes({
  stores,
  why,
  clock,
}: Pick<AdminDependencies, 'stores' | 'why' | 'clock'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/why',
      group: 'scenarios',
      summary: 'Why a patient got a message, or did not',
      query: Joi.object<WhyQuery>({ ...pageQuery, patient: key(), appointment: key() }).xor('patient', 'appointment'),
      answers: { 200: listOf(row, 'whyList') },
      errors: ['notFound'],
      handle: async ({ query }) => {
        const rows = await rowsOf(query);
        if (rows === null)
          throw new AppError(
            'notFound',
            `There is no ${query.patient === undefined ? 'appointment' : 'patient'} like that.`,
          );
        const zones = await branchZones(stores.branches);
        const page = pageWhole(rows, query);
        const items = page.items.map(({ branch, at, ...rest }) => ({
          ...rest,
          at: presentInstant(at, zoneOf(zones, branch)),
        }));
        return { status: 200, body: { items, next: page.next } };
      },
    }),
  ];

  async function rowsOf({ patient, appointment }: WhyQuery): Promise<readonly WhyRow[] | null> {
    if (patient !== undefined) return why.ofPatient(patient, clock.now());
    return appointment === undefined ? null : why.ofAppointment(appointment, clock.now());
  }
}
