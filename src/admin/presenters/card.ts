import Joi from 'joi';
import type { Fix, ScenarioCard } from '../../core/card.ts';
import type { Render } from '../../core/content.ts';
import { AppError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import { without } from './without.ts';

/** The schema of a card. */
export const cardAnswer = Joi.object({
  key: Joi.string().required(),
  block: Joi.string().valid('warming', 'growth').required(),
  enabled: Joi.boolean().required(),
  state: Joi.string().valid('off', 'working', 'workingWithProblems', 'notWorking').required(),
  problems: Joi.array().items(Joi.string()).required(),
  fixes: Joi.array()
    .items(Joi.object({ problem: Joi.string(), text: Joi.string(), path: Joi.string() }).label('Fix'))
    .required(),
  price: Joi.number().integer().required(),
  prices: Joi.object().unknown().required().label('PricesByChannel'),
  settings: Joi.object().unknown().required().label('ScenarioSettings'),
  sent: Joi.number().integer().required(),
  delivered: Joi.number().integer().required(),
  read: Joi.number().integer().required(),
  failed: Joi.number().integer().required(),
  skipped: Joi.object().unknown().required().label('CountsByReason'),
  outcomes: Joi.object().unknown().required().label('CountsByOutcome'),
  spend: Joi.number().integer().required(),
  next7Days: Joi.number().integer().required(),
  last7Days: Joi.number().integer().required(),
}).label('ScenarioCard');

/** A card with its fixes in the reader's language. */
export function presentCard(card: ScenarioCard, render: Render, locale: Locale): object {
  return { ...without(card, 'branch'), fixes: presentFixes(card.fixes, render, locale) };
}

/** Puts the fixes of a refused switch into words too; any other error comes back as it was. */
export function presentRefusedSwitch(error: unknown, render: Render, locale: Locale): unknown {
  if (!(error instanceof AppError) || error.code !== 'preconditions' || error.details === undefined) return error;
  const details = error.details as { readonly problems?: readonly string[]; readonly fixes?: readonly Fix[] };
  return new AppError('preconditions', error.message, {
    ...details,
    fixes: presentFixes(details.fixes ?? [], render, locale),
  });
}

function presentFixes(fixes: readonly Fix[], render: Render, locale: Locale): readonly object[] {
  return fixes.map(({ problem, key, path }) => ({ problem, text: render({ key, values: {} }, locale).text, path }));
}
