import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { CHANNELS, type ChannelName } from '../../core/channel-name.ts';
import { AppError } from '../../core/errors.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { BRANCH_SCENARIOS, type ScenarioKey } from '../../core/scenario.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { key } from '../fields/key.ts';
import { listOf, type PageQuery, pageQuery, pageWhole } from '../fields/page.ts';
import { cardAnswer, presentCard, presentRefusedSwitch } from '../presenters/card.ts';
import { defineRoute } from '../route.ts';
import { requireBranch } from './require-branch.ts';

type ScenarioDependencies = Pick<AdminDependencies, 'stores' | 'cards' | 'render' | 'clock'>;
type Place = Readonly<Record<'branch' | 'key', string>>;

/** One scenario as it is addressed: in a branch, or the birthday of the whole clinic. */
interface Addressed {
  readonly branch: string | null;
  readonly key: ScenarioKey;
  /** For readers who name no language. */
  readonly locale: Locale;
}

const group = 'scenarios';
const branchParams = Joi.object<Place>({ branch: key().required(), key: key().required() });

const change = Joi.object<{ enabled?: boolean; settings?: Readonly<Record<string, unknown>> }>({
  enabled: Joi.boolean(),
  settings: Joi.object().unknown().label('SettingsChange'),
})
  .required()
  .label('ScenarioChange');

const exampleQuery = Joi.object<{ locale?: Locale; channel?: ChannelName }>({
  locale: Joi.string().valid(...LOCALES),
  channel: Joi.string().valid(...CHANNELS),
});

/** Cards, switches and settings: nine scenarios in each branch, and the birthday of the clinic. */
export function scenarioRoutes(deps: ScenarioDependencies): readonly ServerRoute[] {
  const { stores, cards, render, clock } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/branches/{branch}/scenarios',
      group,
      summary: 'The nine cards of a branch',
      params: Joi.object<{ branch: string }>({ branch: key().required() }),
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: listOf(cardAnswer, 'cardsList') },
      errors: ['notFound'],
      handle: async ({ params, query, locale }) => {
        const branch = await requireBranch(stores, params.branch);
        const page = pageWhole(await cards.ofBranch(branch.id, clock.now()), query);
        const items = page.items.map((card) => presentCard(card, render, locale ?? branch.locale));
        return { status: 200, body: { items, next: page.next } };
      },
    }),
    ...cardRoutes(deps, '/branches/{branch}/scenarios/{key}', branchParams, (place) => inBranch(stores, place)),
    ...cardRoutes(deps, '/scenarios/birthday', Joi.object<Place>({}), () => birthday(stores)),
  ];
}

function cardRoutes(
  { cards, render, clock }: ScenarioDependencies,
  path: string,
  params: Joi.ObjectSchema<Place>,
  address: (place: Place) => Promise<Addressed>,
): readonly ServerRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path,
      group,
      summary: 'A scenario’s card',
      params,
      answers: { 200: cardAnswer },
      errors: ['notFound'],
      handle: async (call) => {
        const at = await address(call.params);
        const card = await cards.card(at.branch, at.key, clock.now());
        return { status: 200, body: presentCard(card, render, call.locale ?? at.locale) };
      },
    }),
    defineRoute({
      method: 'PATCH',
      path,
      group,
      summary: 'Switch a scenario and replace settings one by one',
      params,
      body: change,
      answers: { 200: cardAnswer },
      errors: ['notFound', 'preconditions'],
      handle: async (call) => {
        const at = await address(call.params);
        const locale = call.locale ?? at.locale;
        try {
          const card = await cards.change(at.branch, at.key, call.body, clock.now());
          return { status: 200, body: presentCard(card, render, locale) };
        } catch (error) {
          throw presentRefusedSwitch(error, render, locale);
        }
      },
    }),
    defineRoute({
      method: 'POST',
      path: `${path}/reset-text`,
      group,
      summary: 'Back to the default texts',
      params,
      answers: { 200: cardAnswer },
      errors: ['notFound'],
      handle: async (call) => {
        const at = await address(call.params);
        const card = await cards.resetText(at.branch, at.key, clock.now());
        return { status: 200, body: presentCard(card, render, call.locale ?? at.locale) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${path}/example`,
      group,
      summary: 'An example text, and what the scenario does, for whom and for whom not',
      params,
      query: exampleQuery,
      answers: {
        200: Joi.object({ text: Joi.string().required(), description: Joi.string().required() }).label('Example'),
      },
      errors: ['notFound'],
      handle: async (call) => {
        const at = await address(call.params);
        const { channel } = call.query;
        const locale = call.query.locale ?? call.locale ?? at.locale;
        const options = { locale, ...(channel !== undefined && { channel }) };
        return { status: 200, body: await cards.example(at.branch, at.key, options, clock.now()) };
      },
    }),
  ];
}

async function inBranch(stores: AdminDependencies['stores'], place: Place): Promise<Addressed> {
  const branch = await requireBranch(stores, place.branch);
  const scenario = BRANCH_SCENARIOS.find((known) => known === place.key);
  if (scenario === undefined) throw new AppError('notFound', `A branch has no scenario ${place.key}.`);
  return { branch: branch.id, key: scenario, locale: branch.locale };
}

async function birthday(stores: AdminDependencies['stores']): Promise<Addressed> {
  const [first] = await stores.branches.all();
  return { branch: null, key: 'birthday', locale: first?.locale ?? 'en' };
}
