import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import type { SurveyContext as SurveyOpening } from '../../core/opening.ts';
import { type AlertNews, effectActions } from './effects.ts';
import type { CommonContext, CommonEvent, StateMeta, WithFacts } from './facts.ts';
import { clarify, handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const surveyVersion = 1;

export interface SurveyContext extends CommonContext {
  readonly opening: SurveyOpening;
  /** The stored answer; null before the first score. */
  readonly survey: string | null;
  readonly score: number;
  readonly contactRequested: boolean;
  /** Until when (ISO) further words are taken as the comment. */
  readonly listensUntil: string | null;
}

export type SurveyEvent = WithFacts<
  | { readonly type: 'scored'; readonly score: number; readonly words: string | null }
  | { readonly type: 'commented'; readonly text: string }
  | { readonly type: 'contactAsked' }
  | { readonly type: 'contactRefused' }
  | { readonly type: 'voiceCame' }
  | CommonEvent
>;

interface Args {
  readonly context: SurveyContext;
  readonly event: SurveyEvent;
}

const contactChoices: readonly Choice[] = [
  { id: 'contactMe', key: 'conversations.survey.contactMe' },
  { id: 'noContact', key: 'conversations.survey.noContact' },
];
const content = (key: string, parts: readonly Content[] = [], choices: readonly Choice[] = []): Content => ({
  key: `conversations.survey.${key}`,
  values: {},
  parts,
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const remember = (make: (args: Args) => Partial<SurveyContext>) => ({ type: 'remember' as const, params: make });
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };

const siteLines = (context: SurveyContext): readonly Content[] =>
  context.opening.sites.length === 0
    ? []
    : [
        { key: 'conversations.survey.links', values: {} },
        ...context.opening.sites.map(({ site, url }) => ({ key: 'conversations.survey.link', values: { site, url } })),
      ];
/** Links for a low score: only where everyone is asked for a review (spec: conversations.md, Low scores). */
const lowLinks = (context: SurveyContext): readonly Content[] =>
  context.opening.reviewLinks === 'everyone' ? siteLines(context) : [];

const scoreOf = ({ context, event }: Args): number => (event.type === 'scored' ? event.score : context.score);
const wordsOf = (event: SurveyEvent): string | null => {
  if (event.type === 'scored') return event.words;
  return event.type === 'commented' ? event.text : null;
};
const isLow = ({ context, event }: Args) => scoreOf({ context, event }) <= context.opening.lowScore;

const alert = (make: (args: Args) => AlertNews) => ({
  type: 'alert' as const,
  params: (args: Args) => ({
    survey: args.context.survey ?? args.event.facts.freshId,
    appointment: args.context.opening.appointment,
    news: make(args),
    to: args.context.opening.alertTo,
    showPhone: args.context.opening.showPhone,
  }),
});
const storeScore = [
  remember(({ context, event }) => ({
    survey: event.facts.freshId,
    score: scoreOf({ context, event }),
    clarified: false,
  })),
  {
    type: 'storeScore' as const,
    params: ({ context, event }: Args) => ({
      survey: context.survey ?? event.facts.freshId,
      score: context.score,
      appointment: context.opening.appointment,
      doctor: context.opening.doctor,
      services: context.opening.services,
    }),
  },
];
const storeComment = {
  type: 'storeComment' as const,
  params: ({ context, event }: Args) => ({ survey: context.survey ?? '', words: wordsOf(event) ?? '' }),
};
const alertScore = alert((args) => ({ kind: 'score', score: args.context.score, words: wordsOf(args.event) }));
const alertComment = alert(({ context, event }) => ({ kind: 'comment', score: context.score, words: wordsOf(event) }));
const askContact = [
  remember(() => ({ contactRequested: true })),
  { type: 'requestContact' as const, params: ({ context }: Args) => ({ survey: context.survey ?? '' }) },
  alert(({ context }) => ({ kind: 'contact', score: context.score, words: null })),
  {
    type: 'addTask' as const,
    params: ({ context }: Args) => ({
      kind: 'contactRequested' as const,
      appointment: context.opening.appointment,
      key: 'conversations.task.contactRequested',
    }),
  },
];
const laterScore = [
  { guard: 'sameScore' as const, actions: say(() => content('already')) },
  {
    guard: 'threadOpen' as const,
    actions: [
      alert((args) => ({ kind: 'laterScore', score: scoreOf(args), words: wordsOf(args.event) })),
      say(() => content('laterScore')),
    ],
  },
  { actions: say(() => content('laterScore')) },
];
const moreWords = [{ guard: 'lowScored' as const, actions: [storeComment, alertComment] }, { actions: [storeComment] }];
const unclear = (question: 'score' | 'contact') => [
  {
    guard: 'clarifiedBefore' as const,
    target: '#survey.handedOver' as const,
    actions: [say(() => handedOver), handOver],
  },
  { actions: [remember(() => ({ clarified: true })), say(({ event }) => clarify(question, event.facts))] },
];

/**
 * One question after a visit, 1 to 5. The first score is stored at once and a low one alerts the head at once; words and a wish
 * to be called follow it. Ends in `scored`, `scoredWithComment`, `expired` or `optedOut` (spec: conversations.md, Low scores).
 */
export const surveyMachine = setup({
  types: {
    context: {} as SurveyContext,
    events: {} as SurveyEvent,
    input: {} as { readonly opening: SurveyOpening; readonly expiresAt: string | null },
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<SurveyContext>) => params) },
  guards: {
    low: ({ context, event }) => isLow({ context, event }),
    lowWithWords: ({ context, event }) => isLow({ context, event }) && wordsOf(event) !== null,
    withWords: ({ event }) => wordsOf(event) !== null,
    lowScored: ({ context }) => context.score <= context.opening.lowScore,
    /** A later score belongs to the alert thread that a low one opened, or opens it. */
    threadOpen: ({ context, event }) => context.score <= context.opening.lowScore || isLow({ context, event }),
    sameScore: ({ context, event }) => scoreOf({ context, event }) === context.score,
    contactKnown: ({ context }) => context.contactRequested,
    clarifiedBefore: ({ context }) => context.clarified,
  },
}).createMachine({
  id: 'survey',
  context: ({ input }) => ({
    opening: input.opening,
    survey: null,
    score: 0,
    contactRequested: false,
    clarified: false,
    wakeAt: input.expiresAt,
    listensUntil: input.expiresAt,
  }),
  initial: 'asked',
  on: { personAsked: { target: '.handedOver', actions: [say(() => handedOver), handOver] } },
  states: {
    asked: {
      meta: { status: 'open' },
      on: {
        scored: [
          {
            guard: 'lowWithWords',
            target: 'askingContact',
            actions: [
              ...storeScore,
              storeComment,
              alertScore,
              say(({ context }) => content('commentThanked', lowLinks(context), contactChoices)),
            ],
          },
          {
            guard: 'low',
            target: 'commenting',
            actions: [...storeScore, alertScore, say(() => content('whatWentWrong', [], contactChoices))],
          },
          {
            guard: 'withWords',
            target: 'praised',
            actions: [...storeScore, storeComment, say(({ context }) => content('thanked', siteLines(context)))],
          },
          {
            target: 'thanked',
            actions: [...storeScore, say(({ context }) => content('thanked', siteLines(context)))],
          },
        ],
        notUnderstood: unclear('score'),
        timeOver: { target: 'expired' },
        stopped: { target: 'optedOut' },
        visitMoved: { target: 'expired' },
        visitCancelled: { target: 'expired' },
      },
    },
    commenting: {
      meta: { status: 'open', outcome: 'scored' },
      on: {
        commented: [
          {
            guard: 'contactKnown',
            target: 'commented',
            actions: [storeComment, alertComment, say(({ context }) => content('allNoted', lowLinks(context)))],
          },
          {
            target: 'askingContact',
            actions: [
              storeComment,
              alertComment,
              say(({ context }) => content('commentThanked', lowLinks(context), contactChoices)),
            ],
          },
        ],
        contactAsked: { actions: [...askContact, say(() => content('willCallTellMore'))] },
        contactRefused: { target: 'scored', actions: say(({ context }) => content('refused', lowLinks(context))) },
        voiceCame: { target: 'handedOver', actions: [say(() => content('voiceHandedOver')), handOver] },
        scored: laterScore,
        notUnderstood: unclear('contact'),
        timeOver: { target: 'scored' },
        stopped: { target: 'scored' },
      },
    },
    askingContact: {
      meta: { status: 'open', outcome: 'scoredWithComment' },
      on: {
        contactAsked: { target: 'commented', actions: [...askContact, say(() => content('willCall'))] },
        contactRefused: { target: 'commented', actions: say(() => content('noCall')) },
        commented: { actions: [storeComment, alertComment] },
        voiceCame: { target: 'handedOver', actions: [say(() => content('voiceHandedOver')), handOver] },
        scored: laterScore,
        notUnderstood: unclear('contact'),
        timeOver: { target: 'commented' },
        stopped: { target: 'commented' },
      },
    },
    thanked: {
      meta: { status: 'closed', outcome: 'scored' },
      on: {
        commented: {
          target: 'praised',
          actions: [storeComment, say(() => content('wordsThanked'))],
        },
        scored: laterScore,
        personAsked: {},
      },
    },
    praised: {
      meta: { status: 'closed', outcome: 'scoredWithComment' },
      on: { commented: moreWords, scored: laterScore, personAsked: {} },
    },
    scored: {
      meta: { status: 'closed', outcome: 'scored' },
      on: {
        commented: { target: 'commented', actions: [storeComment, alertComment, say(() => content('wordsThanked'))] },
        contactAsked: { actions: [...askContact, say(() => content('willCall'))] },
        scored: laterScore,
        personAsked: {},
      },
    },
    commented: {
      meta: { status: 'closed', outcome: 'scoredWithComment' },
      on: {
        commented: moreWords,
        contactAsked: [
          { guard: 'contactKnown', actions: say(() => content('willCall')) },
          { actions: [...askContact, say(() => content('willCall'))] },
        ],
        scored: laterScore,
        personAsked: {},
      },
    },
    expired: {
      meta: { status: 'closed', outcome: 'expired' },
      on: { scored: { actions: say(() => content('closed')) }, personAsked: {} },
    },
    optedOut: {
      meta: { status: 'closed', outcome: 'optedOut' },
      on: { scored: { actions: say(() => content('closed')) }, personAsked: {} },
    },
    handedOver: {
      meta: { status: 'closed', outcome: 'handedOver' },
      on: { scored: { actions: say(() => content('closed')) }, personAsked: {} },
    },
  },
});
