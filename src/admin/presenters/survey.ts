import Joi from 'joi';
import type { Survey } from '../../core/survey.ts';
import { type BranchZones, zoneOf } from './branch-zones.ts';
import { presentInstant } from './instant.ts';

/** The schema of an answered survey. */
export const surveyAnswer = Joi.object({
  id: Joi.string().required(),
  patient: Joi.string().required(),
  appointment: Joi.string().required(),
  doctor: Joi.string().required(),
  branch: Joi.string().required(),
  score: Joi.number().integer().required(),
  comment: Joi.string(),
  contactRequested: Joi.boolean().required(),
  answeredAt: Joi.string().required(),
  takenCareOf: Joi.object({ by: Joi.string().required(), at: Joi.string().required() }).label('TakenCareOf'),
}).label('Survey');

/** An answered survey as the API shows it. */
export function presentSurvey(survey: Survey, zones: BranchZones): object {
  const zone = zoneOf(zones, survey.branch);
  const { takenCareOf } = survey;
  return {
    id: survey.id,
    patient: survey.patient,
    appointment: survey.appointment,
    doctor: survey.doctor,
    branch: survey.branch,
    score: survey.score,
    comment: survey.comment,
    contactRequested: survey.contactRequested,
    answeredAt: presentInstant(survey.answeredAt, zone),
    takenCareOf: takenCareOf && { by: takenCareOf.by, at: presentInstant(takenCareOf.at, zone) },
  };
}
