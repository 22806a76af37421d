import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { fillTemplate } from '../../src/bots/whatsapp-cloud/templates/fill.ts';
import { TEMPLATE_RECIPES } from '../../src/bots/whatsapp-cloud/templates/recipes.ts';
import { creationOf, type Template } from '../../src/bots/whatsapp-cloud/templates/shape.ts';
import { ourTemplates } from '../../src/bots/whatsapp-cloud/templates.ts';
import type { Branch } from '../../src/core/branch.ts';
import type { Content } from '../../src/core/content.ts';
import { DEFAULT_SETTINGS } from '../../src/core/default-settings.ts';
import { LOCALES, type Locale } from '../../src/core/locale.ts';
import { SCENARIOS, type ScenarioKey, type Switches } from '../../src/core/scenario.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { BIRTHDAY, isVisitScenario, VISIT_SCENARIOS } from '../../src/scenarios/catalogue.ts';
import { compose } from '../../src/scenarios/compose.ts';
import { sampleFacts } from '../../src/scenarios/sample.ts';
import { creationFault, valuesError } from '../support/cloud-api-limits.ts';
import { sentence } from '../support/sentence.ts';

const dictionaries = loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url)));
const render = await createRender(dictionaries);
const NOW = new Date('2026-11-30T08:00:00Z');
const templates = ourTemplates(sentence);

const templateFor = (key: string, locale: Locale): Template => {
  const found = templates.find(({ recipe, language }) => recipe.key === key && language === locale);
  if (found === undefined) throw new Error(`There is no template for ${key} in ${locale}.`);
  return found;
};

interface Filled {
  readonly name: string;
  readonly language: { readonly code: string };
  readonly components: readonly {
    readonly type: string;
    readonly index?: string;
    readonly parameters: readonly { readonly text?: string; readonly payload?: string }[];
  }[];
}

function filled(content: Content, locale: Locale): Filled {
  const text = render(content, locale);
  const payload = fillTemplate(
    templateFor(content.key, locale),
    { content, text, messageId: 'm'.repeat(26) },
    sentence,
  );
  if (payload === null) throw new Error(`${content.key} does not fit its template.`);
  return payload as Filled;
}

const valuesOf = (payload: Filled): readonly string[] =>
  payload.components.find(({ type }) => type === 'body')?.parameters.map(({ text }) => text ?? '') ?? [];

const shown = (payload: Filled): string =>
  (
    templates.find(({ name, language }) => name === payload.name && language === payload.language.code)?.body ?? ''
  ).replace(/\{\{(\d+)\}\}/g, (_whole, number: string) => valuesOf(payload)[Number(number) - 1] ?? '');

const BRANCH: Branch = {
  id: 'hill',
  name: 'Hill Clinic',
  timezone: 'Europe/Rome',
  country: 'IT',
  currency: 'EUR',
  locale: 'en',
  channels: ['whatsapp'],
  reviewSites: [],
  bookingUrl: 'https://hill.example/book',
  head: { name: 'Jane Head' },
} as unknown as Branch;

const switchesWith = (texts: Partial<Record<Locale, string>>): Switches =>
  Object.fromEntries(
    SCENARIOS.map((key) => {
      const settings = { ...DEFAULT_SETTINGS[key], texts, ...(key === 'birthday' && { percent: 10, validDays: 14 }) };
      const general =
        key === 'recommendationsBefore' ? { generalText: 'Come ten minutes early.\nBring your passport.' } : {};
      return [
        key,
        {
          key,
          branch: 'hill',
          enabled: true,
          enabledAt: NOW,
          firstEnabledAt: NOW,
          settings: { ...settings, ...general },
        },
      ];
    }),
  ) as unknown as Switches;

/** What a scenario says to a made-up patient, alone or for several visits of the day, in the first or the second asking. */
function said(
  key: ScenarioKey,
  locale: Locale,
  {
    several = false,
    step = 1,
    own,
    withSlots = true,
  }: { several?: boolean; step?: number; own?: string; withSlots?: boolean } = {},
): Content {
  const words = (name: string): string => render({ key: name, values: {} }, locale).text;
  const switches = switchesWith(own === undefined ? {} : { [locale]: own });
  const sample = sampleFacts(BRANCH, switches, locale, words, NOW);
  const facts = { ...sample, step, slots: withSlots ? sample.slots : [] };
  const telling = { now: NOW, channel: 'whatsapp', locale, also: several ? [facts] : [], words } as const;
  return isVisitScenario(key)
    ? compose(VISIT_SCENARIOS[key], facts, telling)
    : compose(BIRTHDAY, { ...facts, visit: null }, telling);
}

const EVERYTHING = LOCALES.flatMap((locale) =>
  SCENARIOS.flatMap((key) =>
    [{}, { several: true }, { step: 2 }, { withSlots: false }, { own: 'Own words for {{patient.firstName}}' }].map(
      (how): [string, Content, Locale] => [
        `${key} in ${locale}, ${JSON.stringify(how)}`,
        said(key, locale, how),
        locale,
      ],
    ),
  ),
);

describe('The WhatsApp templates', () => {
  it('are 16 in each of three languages, no name twice', () => {
    expect(templates).toHaveLength(48);
    expect(new Set(templates.map(({ name, language }) => `${name} ${language}`)).size).toBe(48);
    expect(TEMPLATE_RECIPES.map(({ key }) => templateFor(key, 'en').name)).toEqual([
      'zabota_details_text',
      'zabota_greeting_opening',
      'zabota_confirmation_text',
      'zabota_confirmation_second',
      'zabota_confirmation_several',
      'zabota_reminder_text',
      'zabota_reminder_several',
      'zabota_correction_cancelled',
      'zabota_correction_moved',
      'zabota_recommendations_before_text',
      'zabota_recommendations_after_text',
      'zabota_survey_text',
      'zabota_return_after_no_show_text',
      'zabota_return_after_cancellation_text',
      'zabota_birthday_text',
      'zabota_birthday_text_for_services',
    ]);
  });

  it.each(templates.map((template): [string, Template] => [`${template.name} ${template.language}`, template]))(
    '%s keeps Meta’s rules',
    (_name, template) => {
      const creation = creationOf(template, sentence) as Readonly<Record<string, unknown>>;
      expect(creationFault(creation)).toBeNull();
    },
  );

  it('invite under MARKETING and serve a visit under UTILITY', () => {
    const invites = TEMPLATE_RECIPES.filter(({ category }) => category === 'MARKETING').map(
      ({ key }) => key.split('.')[1],
    );
    expect([...new Set(invites)]).toEqual(['greeting', 'returnAfterNoShow', 'returnAfterCancellation', 'birthday']);
  });

  it('join neighbouring values and put words around them', () => {
    expect(templateFor('scenarios.details.text', 'ru').body).toBe(
      'Здравствуйте! {{1}}, вы записаны: {{2}}. Врач: {{3}}. Ждём вас в «{{4}}».\n\nЕсли есть вопросы, просто ответьте на это сообщение.',
    );
    expect(templateFor('scenarios.details.text', 'ru').pieces).toEqual([
      '{{patient.firstName}}',
      '{{appointment.weekday}}, {{appointment.longDate}}, {{appointment.start}}',
      '{{doctor.name}}',
      '{{branch.name}}',
    ]);
  });

  it('leave a text as it is that needs no more words', () => {
    expect(templateFor('scenarios.birthday.text', 'en').body).toBe(
      'Happy birthday, {{1}}! Our gift: {{2}}% off all services through {{3}}. Shall we book you in?',
    );
  });

  it('show the reviewer a made-up patient', () => {
    expect(creationOf(templateFor('scenarios.confirmation.text', 'it'), sentence)).toEqual({
      name: 'zabota_confirmation_text',
      language: 'it',
      category: 'UTILITY',
      components: [
        {
          type: 'BODY',
          text: 'Buongiorno! {{1}}, ha una visita {{2}} alle {{3}}. Verrà?\n\nPer qualsiasi domanda risponda pure a questo messaggio.',
          example: { body_text: [['Anna', 'martedì 1 dicembre 2026', '12:00, Dott. Bianchi']] },
        },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Verrò' },
            { type: 'QUICK_REPLY', text: 'Sposta' },
            { type: 'QUICK_REPLY', text: 'Annulla' },
          ],
        },
      ],
    });
  });
});

describe('A message as a template', () => {
  it.each(EVERYTHING)('%s: fits, with values that Meta takes', (_name, content, locale) => {
    const payload = filled(content, locale);
    const template = templateFor(content.key, locale);
    expect(valuesError(valuesOf(payload), template.pieces.length)).toBeNull();
    expect(shown(payload).length).toBeLessThanOrEqual(template.buttons.length > 0 ? 1024 : 4096);
    expect(payload.components.filter(({ type }) => type === 'button')).toHaveLength(template.buttons.length);
  });

  it('says what the branch’s text would say, in the template’s words', () => {
    expect(shown(filled(said('confirmation', 'en'), 'en'))).toBe(
      'Hello! Anna, you have a visit on Tuesday, 1 December 2026 at 12:00 with Dr Brown. Will you come?',
    );
  });

  it('carries the place of each choice in its buttons', () => {
    expect(filled(said('survey', 'en'), 'en').components.slice(1)).toEqual(
      [0, 1, 2, 3, 4].map((place) => ({
        type: 'button',
        sub_type: 'quick_reply',
        index: String(place),
        parameters: [{ type: 'payload', payload: `${'m'.repeat(26)}.${place}` }],
      })),
    );
  });

  it('names days as numbered words and keeps the fixed choice a button, which carries its place behind them', () => {
    const payload = filled(said('returnAfterNoShow', 'en'), 'en');
    expect(shown(payload)).toContain('1 – Wed, 2 December • 2 – Thu, 3 December • 3 – Another day');
    expect(payload.components.at(-1)).toEqual({
      type: 'button',
      sub_type: 'quick_reply',
      index: '0',
      parameters: [{ type: 'payload', payload: `${'m'.repeat(26)}.3` }],
    });
  });

  it('names the first of several visits too when the branch has its own text for it', () => {
    const own = 'Own words';
    expect(shown(filled(said('reminder', 'en', { several: true, own }), 'en'))).toBe(
      'Hello! Anna, we look forward to seeing you on 1 December 2026: 12:00, Dr Brown • 12:00, Dr Brown\n\nIf you have any questions, just reply to this message.',
    );
  });

  it('flattens recommendations to one line and keeps every paragraph', () => {
    expect(valuesOf(filled(said('recommendationsBefore', 'en'), 'en')).at(-1)).toBe(
      'Come ten minutes early. • Bring your passport. • Check-up • Please do not eat for two hours before the visit.',
    );
  });

  it('puts a dash for a value that is missing', () => {
    const content = said('details', 'en');
    expect(valuesOf(filled({ ...content, values: { ...content.values, 'doctor.name': '' } }, 'en'))).toContain('—');
  });

  it('cuts what is too long between two graphemes, and takes no value for a template', () => {
    const content = said('details', 'en');
    const values = valuesOf(
      filled(
        {
          ...content,
          values: { ...content.values, 'patient.firstName': '👩‍👩‍👧'.repeat(100), 'doctor.name': '{{branch.name}}' },
        },
        'en',
      ),
    );
    expect(values[0]).toBe(`${'👩‍👩‍👧'.repeat(24)}…`);
    expect(values[3]).toBe('{{branch.name}}');
  });

  it('is refused a template that has no place for what it says', () => {
    const content = said('details', 'en');
    const more = {
      ...content,
      parts: [{ key: 'scenarios.bookingLink', values: { 'link.booking': 'https://x.example' } }],
    };
    const message = { content: more, text: render(more, 'en'), messageId: 'm-1' };
    expect(fillTemplate(templateFor('scenarios.details.text', 'en'), message, sentence)).toBeNull();
  });
});
