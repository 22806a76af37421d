import type { OutgoingMessage } from '../../core/channel.ts';
import type { Sentence } from '../../core/content.ts';
import { LOCALES } from '../../core/locale.ts';
import { type AccountTemplate, takesValues } from './templates/account-templates.ts';
import { fillTemplate } from './templates/fill.ts';
import { TEMPLATE_RECIPES } from './templates/recipes.ts';
import { type Template, templateOf } from './templates/shape.ts';

/** A message as a template, or why it cannot be one: then the next channel is tried. */
type Templated =
  | { readonly kind: 'filled'; readonly payload: object }
  | {
      readonly kind: 'refused';
      readonly reason: 'windowClosed' | 'templateMissing' | 'templateNotApproved' | 'templateChanged';
    };

/** The approved templates, by key and language, as this process last heard of them. */
export interface Templates {
  /** Takes in all that the account has; returns how many of ours may be sent, and how many there are. */
  keep(found: readonly AccountTemplate[]): { readonly usable: number; readonly of: number };
  /** The status of one changed; false where it is not known yet. */
  turn(name: string, language: string, status: string): boolean;
  /** The template for a message outside the 24-hour window. */
  of(message: OutgoingMessage): Templated;
}

/** Every template that the locales make, in a fixed order. */
export function ourTemplates(sentence: Sentence): readonly Template[] {
  return TEMPLATE_RECIPES.flatMap((recipe) => LOCALES.map((locale) => templateOf(recipe, locale, sentence)));
}

/** Meta's other word for a template that may be sent again. */
const USABLE = ['APPROVED', 'REINSTATED', 'FLAGGED'];

/** Knows of no approved template before it is told. */
export function createTemplates(sentence: Sentence): Templates {
  const ours = new Map(
    ourTemplates(sentence).map((template) => [`${template.recipe.key} ${template.language}`, template]),
  );
  let account = new Map<string, AccountTemplate>();

  const stateOf = (template: Template): 'usable' | 'templateMissing' | 'templateNotApproved' | 'templateChanged' => {
    const known = account.get(`${template.name} ${template.language}`);
    if (known === undefined) return 'templateMissing';
    if (!USABLE.includes(known.status)) return 'templateNotApproved';
    return takesValues(known, template) ? 'usable' : 'templateChanged';
  };

  return {
    keep(found) {
      account = new Map(found.map((template) => [`${template.name} ${template.language}`, template]));
      const usable = [...ours.values()].filter((template) => stateOf(template) === 'usable').length;
      return { usable, of: ours.size };
    },
    turn(name, language, status) {
      const key = `${name} ${language}`;
      const known = account.get(key);
      if (known !== undefined) account.set(key, { ...known, status });
      return known !== undefined;
    },
    of(message) {
      const template = ours.get(`${message.content.key} ${message.text.locale}`);
      if (template === undefined) return refused('windowClosed');
      const state = stateOf(template);
      if (state !== 'usable') return refused(state);
      const filled = fillTemplate(template, message, sentence);
      return filled === null
        ? refused('templateChanged')
        : { kind: 'filled', payload: { type: 'template', template: filled } };
    },
  };
}

function refused(reason: Extract<Templated, { kind: 'refused' }>['reason']): Templated {
  return { kind: 'refused', reason };
}
