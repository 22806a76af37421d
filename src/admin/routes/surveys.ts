import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import type { SurveyQuery } from '../../core/survey.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { instant } from '../fields/instant.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageRequest } from '../fields/page.ts';
import { branchZones } from '../presenters/branch-zones.ts';
import { presentSurvey, surveyAnswer } from '../presenters/survey.ts';
import { defineRoute } from '../route.ts';

const group = 'answers';

const filters = { patient: key(), branch: key(), doctor: key(), from: instant(), to: instant() };

const count = Joi.number().integer().required();
const summaryAnswer = Joi.object({
  groups: Joi.array()
    .items(
      Joi.object({
        key: Joi.string().required(),
        answers: count,
        average: Joi.number().required(),
        scores: Joi.object({ 1: count, 2: count, 3: count, 4: count, 5: count }).required().label('Scores'),
      }).label('SurveyGroup'),
    )
    .required(),
}).label('SurveySummary');

type GroupBy = 'branch' | 'doctor' | 'service' | 'month';

/** Scores that patients gave, and who took care of the bad ones. */
export function surveyRoutes({
  stores,
  takeCare,
}: Pick<AdminDependencies, 'stores' | 'takeCare'>): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/surveys',
      group,
      summary: 'Answered surveys, newest first',
      query: Joi.object<PageQuery & SurveyQuery>({ ...pageQuery, ...filters }),
      answers: { 200: listOf(surveyAnswer, 'surveysList') },
      handle: async ({ query: { cursor, limit, ...wanted } }) => {
        const page = await stores.surveys.list(wanted, pageRequest({ limit, ...(cursor !== undefined && { cursor }) }));
        const zones = await branchZones(stores.branches);
        return { status: 200, body: { items: page.items.map((item) => presentSurvey(item, zones)), next: page.next } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/surveys/summary',
      group,
      summary: 'Scores by branch, doctor, service or month',
      query: Joi.object<SurveyQuery & { groupBy: GroupBy }>({
        ...filters,
        groupBy: Joi.string().valid('branch', 'doctor', 'service', 'month').default('branch'),
      }),
      answers: { 200: summaryAnswer },
      handle: async ({ query: { groupBy, ...wanted } }) => {
        const zones = Object.fromEntries(await branchZones(stores.branches));
        return { status: 200, body: { groups: await stores.surveys.summary(wanted, groupBy, zones) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/surveys/{survey}/taken-care-of',
      group,
      summary: 'Say that somebody took care; the first one stands',
      params: Joi.object<{ survey: string }>({ survey: key().required() }),
      answers: { 200: surveyAnswer },
      errors: ['notFound'],
      handle: async ({ params, by }) => {
        const survey = await takeCare(params.survey, by);
        if (survey === null) throw new AppError('notFound', `There is no survey ${params.survey}.`);
        return { status: 200, body: presentSurvey(survey, await branchZones(stores.branches)) };
      },
    }),
  ];
}
