import type { Content } from '../../../core/content.ts';

/** How a message that opens a conversation becomes an approved template of Meta's. */
export interface TemplateRecipe {
  /** The key of the message's content, by which its template is found. */
  readonly key: string;
  /** Words made for the template, where those of `key` do not fit one: plural forms, several paragraphs. */
  readonly wording?: string;
  readonly category: 'UTILITY' | 'MARKETING';
  /** Choices that every message of this key offers; they become buttons. Others follow as numbered lines. */
  readonly buttons: readonly string[];
  /** Paragraphs and numbered choices that differ from message to message follow as one last value. */
  readonly hasRest: boolean;
  /** An own text stands for the first visit, which the template's words do not name: its line is made again. */
  readonly firstLine?: Content['key'];
}

const CONFIRM = [
  'scenarios.confirmation.confirm',
  'scenarios.confirmation.reschedule',
  'scenarios.confirmation.cancel',
] as const;
const SCORES = [1, 2, 3, 4, 5].map((score) => `scenarios.survey.score${score}`);

function utility(key: string, more: Partial<TemplateRecipe> = {}): TemplateRecipe {
  return { key, category: 'UTILITY', buttons: [], hasRest: false, ...more };
}

function marketing(key: string, more: Partial<TemplateRecipe> = {}): TemplateRecipe {
  return { ...utility(key, more), category: 'MARKETING' };
}

/** One for each text that a scenario may open with, and for its correction. Anything that invites beside a visit is marketing by Meta's rules (spec: field.md D1). */
export const TEMPLATE_RECIPES: readonly TemplateRecipe[] = [
  utility('scenarios.details.text'),
  marketing('scenarios.greeting.opening', { wording: 'scenarios.greeting.template' }),
  utility('scenarios.confirmation.text', { buttons: CONFIRM }),
  utility('scenarios.confirmation.second', { buttons: CONFIRM }),
  utility('scenarios.confirmation.several', { buttons: CONFIRM, hasRest: true, firstLine: 'scenarios.visitLine' }),
  utility('scenarios.reminder.text'),
  utility('scenarios.reminder.several', { hasRest: true, firstLine: 'scenarios.visitLine' }),
  utility('scenarios.correction.cancelled'),
  utility('scenarios.correction.moved'),
  utility('scenarios.recommendationsBefore.text', { hasRest: true }),
  utility('scenarios.recommendationsAfter.text', { hasRest: true }),
  utility('scenarios.survey.text', { wording: 'scenarios.survey.template', buttons: SCORES }),
  marketing('scenarios.returnAfterNoShow.text', { buttons: ['scenarios.noThanks'], hasRest: true }),
  marketing('scenarios.returnAfterCancellation.text', { buttons: ['scenarios.noThanks'], hasRest: true }),
  marketing('scenarios.birthday.text', { buttons: ['scenarios.birthday.book', 'scenarios.noThanks'] }),
  marketing('scenarios.birthday.textForServices', { buttons: ['scenarios.birthday.book', 'scenarios.noThanks'] }),
];
