import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { PreviewRow } from '../../core/decision.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { type BranchZones, branchZones, zoneOf } from '../presenters/branch-zones.ts';
import { presentInstant } from '../presenters/instant.ts';
import { subjectAnswer } from '../presenters/message.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

const row = Joi.object({
  scenario: Joi.string().required(),
  subject: subjectAnswer.required(),
  patient: Joi.string().required(),
  at: Joi.string().required(),
  channel: Joi.string().allow(null).required(),
  decision: Joi.string().valid('send', 'wait', 'skip').required(),
  reason: Joi.string(),
  text: Joi.string().allow(null).required(),
}).label('PreviewRow');

/** `GET /preview`: who would get what and when, and who would not and why. */
export function previewRoutes({
  stores,
  previewer,
  clock,
}: Pick<AdminDependencies, 'stores' | 'previewer' | 'clock'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/preview',
      group: 'scenarios',
      summary: 'What the rules would send over the next days; nothing is sent',
      query: Joi.object<PageQuery & { branch?: string; days: number }>({
        ...pageQuery,
        branch: key(),
        days: Joi.number().integer().min(1).max(90).default(7),
      }),
      answers: { 200: listOf(row, 'previewList') },
      errors: ['notFound'],
      handle: async ({ query }) => {
        const { branch, days } = query;
        if (branch !== undefined) await requireBranch(stores, branch);
        const wanted = { days, ...(branch !== undefined && { branch }) };
        const page = await previewer.preview(wanted, pageRequest(query), clock.now());
        const zones = await branchZones(stores.branches);
        return { status: 200, body: { items: page.items.map((item) => presentRow(item, zones)), next: page.next } };
      },
    }),
  ];
}

function presentRow({ branch, at, channel, text, ...rest }: PreviewRow, zones: BranchZones): object {
  return { ...rest, at: presentInstant(at, zoneOf(zones, branch)), channel: channel ?? null, text: text ?? null };
}
