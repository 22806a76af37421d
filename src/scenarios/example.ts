import type { Branch } from '../core/branch.ts';
import { type ChannelName, showsOf } from '../core/channel-name.ts';
import type { Render } from '../core/content.ts';
import { withNumberedChoices } from '../core/content.ts';
import type { Locale } from '../core/locale.ts';
import type { ScenarioKey, Switches } from '../core/scenario.ts';
import { BIRTHDAY, isVisitScenario, traitsOf, VISIT_SCENARIOS } from './catalogue.ts';
import { compose } from './compose.ts';
import type { Telling } from './definition.ts';
import { sampleFacts } from './sample.ts';

/** What a made-up patient would read, and what the scenario does, for whom and for whom not, in words. */
export function exampleOf(
  key: ScenarioKey,
  { branch, switches }: { readonly branch: Branch; readonly switches: Switches },
  { locale, channel }: { readonly locale: Locale; readonly channel?: ChannelName },
  render: Render,
  now: Date,
): { readonly text: string; readonly description: string } {
  const words = (name: string): string => render({ key: name, values: {} }, locale).text;
  const facts = sampleFacts(branch, switches, locale, words, now);
  const on = channel ?? traitsOf(key).channels[0] ?? 'whatsapp';
  const telling: Telling = { now, channel: on, locale, also: [], words };
  const content = isVisitScenario(key)
    ? compose(VISIT_SCENARIOS[key], facts, telling)
    : compose(BIRTHDAY, { ...facts, visit: null }, telling);
  const rendered = render(content, locale);
  return {
    text: showsOf(on) === 'buttons' ? rendered.text : withNumberedChoices(rendered),
    description: render({ key: `scenarios.${key}.about`, values: plainSettings(switches[key].settings) }, locale).text,
  };
}

/** Numbers and hours of the settings, as the descriptions name them. */
function plainSettings(settings: object): Readonly<Record<string, string | number>> {
  const plain = Object.entries(settings).flatMap(([name, value]: [string, unknown]): [string, string | number][] => {
    if (typeof value === 'number' || typeof value === 'string') return [[name, value]];
    if (name !== 'window' || typeof value !== 'object' || value === null) return [];
    return Object.entries(value).map(([end, time]) => [end, String(time)]);
  });
  return Object.fromEntries(plain);
}
