import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import { effectActions } from './effects.ts';
import { type CommonContext, type CommonEvent, hoursAfter, type StateMeta, type WithFacts } from './facts.ts';
import { clarify, handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const linkingVersion = 1;

export interface LinkingContext extends CommonContext {
  readonly messages: boolean;
}

export type LinkingEvent = WithFacts<
  | { readonly type: 'started' }
  | { readonly type: 'tokenGiven'; readonly hash: string }
  | { readonly type: 'contactShared'; readonly phone: string; readonly own: boolean }
  | { readonly type: 'linked'; readonly name: string; readonly consentNeeded: boolean }
  | { readonly type: 'staffLinked'; readonly name: string }
  | { readonly type: 'tokenRefused' }
  | { readonly type: 'nobodyFound' }
  | { readonly type: 'yes' }
  | { readonly type: 'no' }
  | CommonEvent
>;

interface Args {
  readonly context: LinkingContext;
  readonly event: LinkingEvent;
}

const yesNo: readonly Choice[] = [
  { id: 'yes', key: 'conversations.linking.agree' },
  { id: 'no', key: 'conversations.linking.disagree' },
];
/** A channel that can ask for the sender's own contact shows it instead of a plain button. */
const sharePhone: readonly Choice[] = [
  { id: 'sharePhone', key: 'conversations.linking.sharePhoneButton', asks: 'contact' },
];
const content = (key: string, values: Content['values'] = {}, choices: readonly Choice[] = []): Content => ({
  key: `conversations.linking.${key}`,
  values,
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };
const nameOf = (event: LinkingEvent): string =>
  event.type === 'linked' || event.type === 'staffLinked' ? event.name : '';
const waitADay = {
  type: 'remember' as const,
  params: ({ event }: Args) => ({ clarified: false, wakeAt: hoursAfter(event.facts, 24) }),
};
const useToken = {
  target: '#linking.checkingToken' as const,
  actions: [
    {
      type: 'useToken' as const,
      params: ({ event }: Args) => ({ hash: event.type === 'tokenGiven' ? event.hash : '' }),
    },
  ],
};
const contactShared = [
  { guard: 'foreignContact' as const, actions: say(() => content('onlyYourOwn', {}, sharePhone)) },
  {
    target: '#linking.checkingPhone' as const,
    actions: [
      {
        type: 'matchPhone' as const,
        params: ({ event }: Args) => ({ phone: event.type === 'contactShared' ? event.phone : '' }),
      },
    ],
  },
];
const linkedNow = [
  {
    guard: 'consentNeeded' as const,
    target: '#linking.askingConsent' as const,
    actions: [waitADay, say(({ event }) => content('askConsent', { name: nameOf(event) }, yesNo))],
  },
  {
    target: '#linking.linked' as const,
    actions: [say(({ event }) => content('linked', { name: nameOf(event) }))],
  },
];

/**
 * Makes a Telegram chat known: by a one-time token of the clinic, or by the sender's own phone number. Where the branch asks
 * for consent it is asked here, advertising apart. Ends in `linked` or `notFound` (spec: conversations.md).
 */
export const linkingMachine = setup({
  types: {
    context: {} as LinkingContext,
    events: {} as LinkingEvent,
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<LinkingContext>) => params) },
  guards: {
    foreignContact: ({ event }) => event.type === 'contactShared' && !event.own,
    consentNeeded: ({ event }) => event.type === 'linked' && event.consentNeeded,
    clarifiedBefore: ({ context }) => context.clarified,
  },
}).createMachine({
  id: 'linking',
  context: { messages: false, clarified: false, wakeAt: null },
  initial: 'opening',
  on: {
    tokenGiven: useToken,
    contactShared,
    personAsked: { target: '.handedOver', actions: [say(() => handedOver), handOver] },
  },
  states: {
    opening: {
      meta: { status: 'open' },
      on: { started: { target: 'askingPhone', actions: [waitADay, say(() => content('sharePhone', {}, sharePhone))] } },
    },
    checkingToken: {
      meta: { status: 'open' },
      on: {
        linked: linkedNow,
        staffLinked: { target: 'linked', actions: say(({ event }) => content('staffLinked', { name: nameOf(event) })) },
        tokenRefused: {
          target: 'askingPhone',
          actions: [waitADay, say(() => content('tokenRefused', {}, sharePhone))],
        },
      },
    },
    askingPhone: {
      meta: { status: 'open' },
      on: {
        started: { actions: say(() => content('sharePhone', {}, sharePhone)) },
        notUnderstood: [
          { guard: 'clarifiedBefore', target: 'handedOver', actions: [say(() => handedOver), handOver] },
          {
            actions: [
              { type: 'remember', params: { clarified: true } },
              say(({ event }) => clarify('phone', event.facts)),
            ],
          },
        ],
        timeOver: { target: 'notFound' },
      },
    },
    checkingPhone: {
      meta: { status: 'open' },
      on: {
        linked: linkedNow,
        nobodyFound: {
          target: 'notFound',
          actions: [
            {
              type: 'addTask',
              params: { kind: 'linkNotFound', appointment: null, key: 'conversations.task.linkNotFound' },
            },
            say(() => content('notFound')),
          ],
        },
      },
    },
    askingConsent: {
      meta: { status: 'open', outcome: 'linked' },
      on: {
        yes: {
          target: 'askingAdvertising',
          actions: [
            { type: 'setConsent', params: { messages: true } },
            say(() => content('askAdvertising', {}, yesNo)),
          ],
        },
        no: {
          target: 'linked',
          actions: [
            { type: 'setConsent', params: { messages: false, advertising: false } },
            say(() => content('noConsent')),
          ],
        },
        notUnderstood: [
          { guard: 'clarifiedBefore', target: 'handedOver', actions: [say(() => handedOver), handOver] },
          {
            actions: [
              { type: 'remember', params: { clarified: true } },
              say(({ event }) => clarify('yesNo', event.facts)),
            ],
          },
        ],
        timeOver: { target: 'linked' },
      },
    },
    askingAdvertising: {
      meta: { status: 'open', outcome: 'linked' },
      on: {
        yes: {
          target: 'linked',
          actions: [
            { type: 'setConsent', params: { messages: true, advertising: true } },
            say(() => content('consentKept')),
          ],
        },
        no: {
          target: 'linked',
          actions: [
            { type: 'setConsent', params: { messages: true, advertising: false } },
            say(() => content('consentKept')),
          ],
        },
        notUnderstood: [
          { guard: 'clarifiedBefore', target: 'handedOver', actions: [say(() => handedOver), handOver] },
          {
            actions: [
              { type: 'remember', params: { clarified: true } },
              say(({ event }) => clarify('yesNo', event.facts)),
            ],
          },
        ],
        timeOver: { target: 'linked' },
      },
    },
    linked: { meta: { status: 'closed', outcome: 'linked' } },
    notFound: { meta: { status: 'closed', outcome: 'notFound' } },
    handedOver: { meta: { status: 'closed', outcome: 'handedOver' } },
  },
});
