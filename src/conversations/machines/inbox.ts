import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { type CallReason, effectActions } from './effects.ts';
import { type CommonContext, type CommonEvent, hoursAfter, type StateMeta, type WithFacts } from './facts.ts';
import { handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const inboxVersion = 1;

/** Hours that the bot keeps silent after the last word of staff (spec: conversations.md, Staff). */
const SILENT_HOURS = 12;

/** A question that words may have meant, with the words that name it. */
interface MeantQuestion {
  readonly conversation: string;
  readonly choice: Choice;
}

export interface InboxContext extends CommonContext {
  readonly held: string;
  readonly questions: readonly MeantQuestion[];
}

export type InboxEvent = WithFacts<
  | { readonly type: 'helpAsked' }
  | { readonly type: 'languageAsked' }
  | { readonly type: 'languageChosen'; readonly locale: Locale }
  | { readonly type: 'stopHeard' }
  | { readonly type: 'startHeard' }
  | { readonly type: 'bookAsked' }
  | { readonly type: 'mediaCame' }
  | { readonly type: 'questionUnclear'; readonly text: string; readonly questions: readonly MeantQuestion[] }
  | { readonly type: 'questionChosen'; readonly pick: number }
  | { readonly type: 'handedOver'; readonly by?: 'staff' }
  | { readonly type: 'staffAnswered' }
  | { readonly type: 'returnedToBot' }
  | CommonEvent
>;

interface Args {
  readonly context: InboxContext;
  readonly event: InboxEvent;
}

const menuChoices: readonly Choice[] = [
  { id: 'menu:visits', key: 'conversations.menu.visits' },
  { id: 'menu:book', key: 'conversations.menu.book' },
  { id: 'menu:person', key: 'conversations.menu.person' },
];
const languageChoices: readonly Choice[] = LOCALES.map((locale) => ({
  id: `locale:${locale}`,
  key: `conversations.language.${locale}`,
}));
const content = (key: string, choices: readonly Choice[] = []): Content => ({
  key: `conversations.inbox.${key}`,
  values: {},
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const remember = (make: (args: Args) => Partial<InboxContext>) => ({ type: 'remember' as const, params: make });
const waitADay = remember(({ event }) => ({ wakeAt: hoursAfter(event.facts, 24) }));
const keepSilent = remember(({ event }) => ({ wakeAt: hoursAfter(event.facts, SILENT_HOURS), clarified: true }));
const toPerson = { target: '#inbox.withPerson' as const, actions: [keepSilent, say(() => handedOver)] };
const dismissStaff = (by: 'staff' | 'time') => ({ type: 'dismissStaff' as const, params: { by } });
const questionOf = ({ context, event }: Args): string =>
  (event.type === 'questionChosen' ? context.questions[event.pick]?.conversation : undefined) ?? '';

const REASONS: Readonly<Partial<Record<InboxEvent['type'], CallReason>>> = {
  bookAsked: 'booking',
  notUnderstood: 'unclear',
  mediaCame: 'media',
  handedOver: 'question',
};

function reasonOf(event: InboxEvent): CallReason {
  if (event.type === 'handedOver' && event.by === 'staff') return 'staff';
  return REASONS[event.type] ?? 'asked';
}

/**
 * What no other machine holds: the menu, the global words, "which question do you mean", and the dialogue with a person. While
 * it is `withPerson` the bot keeps silent in this chat, until staff give it back or 12 h after their last word.
 */
export const inboxMachine = setup({
  types: { context: {} as InboxContext, events: {} as InboxEvent, meta: {} as StateMeta },
  actions: { ...effectActions, remember: assign((_, params: Partial<InboxContext>) => params) },
  guards: {
    menuShown: ({ context }) => context.clarified,
    pickKnown: ({ context, event }) => questionOf({ context, event }) !== '',
  },
}).createMachine({
  id: 'inbox',
  context: { held: '', questions: [], clarified: false, wakeAt: null },
  initial: 'listening',
  states: {
    listening: {
      meta: { status: 'open' },
      on: {
        notUnderstood: [
          { guard: 'menuShown', ...toPerson },
          {
            target: 'menu',
            actions: [remember(() => ({ clarified: true })), waitADay, say(() => content('menu', menuChoices))],
          },
        ],
        mediaCame: [
          { guard: 'menuShown', ...toPerson },
          {
            target: 'menu',
            actions: [remember(() => ({ clarified: true })), waitADay, say(() => content('media', menuChoices))],
          },
        ],
        helpAsked: { target: 'menu', actions: [waitADay, say(() => content('help', menuChoices))] },
        languageAsked: {
          target: 'choosingLanguage',
          actions: [waitADay, say(() => content('chooseLanguage', languageChoices))],
        },
        stopHeard: { target: 'stopped', actions: say(() => content('stopped')) },
        startHeard: { target: 'closed', actions: say(() => content('started')) },
        bookAsked: { target: 'withPerson', actions: [keepSilent, say(() => content('book'))] },
        personAsked: toPerson,
        handedOver: { target: 'withPerson', actions: [keepSilent] },
        questionUnclear: {
          target: 'choosingQuestion',
          actions: [
            remember(({ event }) =>
              event.type === 'questionUnclear' ? { held: event.text, questions: event.questions } : {},
            ),
            waitADay,
            say(({ context }) =>
              content(
                'whichQuestion',
                context.questions.map((question) => question.choice),
              ),
            ),
          ],
        },
      },
    },
    menu: {
      meta: { status: 'open' },
      on: {
        notUnderstood: toPerson,
        mediaCame: toPerson,
        helpAsked: { actions: [waitADay, say(() => content('help', menuChoices))] },
        bookAsked: { target: 'withPerson', actions: [keepSilent, say(() => content('book'))] },
        personAsked: toPerson,
        timeOver: { target: 'closed' },
      },
    },
    choosingLanguage: {
      meta: { status: 'open' },
      on: {
        languageChosen: {
          target: 'closed',
          actions: [
            {
              type: 'setLocale',
              params: ({ event }) => ({ locale: event.locale }),
            },
            say(() => content('languageSet')),
          ],
        },
        notUnderstood: [
          { guard: 'menuShown', ...toPerson },
          {
            actions: [remember(() => ({ clarified: true })), say(() => content('chooseLanguage', languageChoices))],
          },
        ],
        timeOver: { target: 'closed' },
      },
    },
    choosingQuestion: {
      meta: { status: 'open' },
      on: {
        questionChosen: {
          guard: 'pickKnown',
          target: 'closed',
          actions: {
            type: 'passOn',
            params: (args) => ({ conversation: questionOf(args), text: args.context.held }),
          },
        },
        notUnderstood: toPerson,
        personAsked: toPerson,
        timeOver: { target: 'closed' },
      },
    },
    withPerson: {
      meta: { status: 'handedOver' },
      entry: { type: 'callStaff', params: ({ event }) => ({ reason: reasonOf(event) }) },
      on: {
        staffAnswered: { actions: keepSilent },
        returnedToBot: {
          target: 'closed',
          actions: [remember(() => ({ wakeAt: null })), dismissStaff('staff')],
        },
        timeOver: { target: 'closed', actions: dismissStaff('time') },
      },
    },
    stopped: { meta: { status: 'closed', outcome: 'stopped' } },
    closed: { meta: { status: 'closed', outcome: 'backToBot' } },
  },
});
