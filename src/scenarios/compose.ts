import type { Content, Values } from '../core/content.ts';
import type { ScenarioDefinition, Telling } from './definition.ts';
import type { Facts } from './facts.ts';
import { nameNumbered } from './placeholders.ts';
import { offerValues, visitValues } from './values.ts';

/** What a scenario says to one addressee now: the branch's own text where there is one in that language, else the default. */
export function compose<F extends Facts>(definition: ScenarioDefinition<F>, facts: F, telling: Telling): Content {
  const said = definition.say(facts, telling);
  const values = { ...placeholderValues(facts, telling), ...said.values };
  const ownText = facts.switches[definition.key].settings.texts[telling.locale];
  const parts = ownText === undefined ? said.parts : (said.partsWithOwn ?? said.parts);
  const text: Content = {
    key: said.key ?? `scenarios.${definition.key}.text`,
    values,
    ...(ownText !== undefined && { own: nameNumbered(ownText) }),
    ...(parts !== undefined && { parts }),
  };
  const spoken = said.opening === undefined ? text : { key: said.opening, values, parts: [text] };
  return said.choices === undefined ? spoken : { ...spoken, choices: said.choices };
}

function placeholderValues(facts: Facts, { locale, now, words }: Telling): Values {
  return facts.visit !== null
    ? visitValues({ ...facts, visit: facts.visit }, locale)
    : offerValues(facts, locale, now, words('scenarios.birthday.allServices'));
}
