import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import { effectActions } from './effects.ts';
import {
  type CommonContext,
  type CommonEvent,
  hoursAfter,
  liveVisits,
  type StateMeta,
  type VisitFact,
  visitLine,
  type WithFacts,
} from './facts.ts';
import { clarify, handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const visitsVersion = 1;

export interface VisitsContext extends CommonContext {
  /** In the order of their buttons; never changes. */
  readonly appointments: readonly string[];
  readonly picked: string | null;
}

export type VisitsEvent = WithFacts<
  | { readonly type: 'opened' }
  | { readonly type: 'visitPicked'; readonly pick: number }
  | { readonly type: 'confirm' }
  | { readonly type: 'reschedule' }
  | { readonly type: 'cancel' }
  | { readonly type: 'calendarAsked' }
  | { readonly type: 'backAsked' }
  | CommonEvent
>;

interface Args {
  readonly context: VisitsContext;
  readonly event: VisitsEvent;
}

const content = (key: string, visits: readonly VisitFact[] = [], choices: readonly Choice[] = []): Content => ({
  key: `conversations.visits.${key}`,
  values: { count: visits.length },
  parts: visits.map(visitLine),
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const remember = (make: (args: Args) => Partial<VisitsContext>) => ({ type: 'remember' as const, params: make });
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };

const pickedBy = ({ context, event }: Args): string | null => {
  const id = event.type === 'visitPicked' ? context.appointments[event.pick] : context.appointments[0];
  return liveVisits(event.facts).find((visit) => visit.id === id)?.id ?? null;
};
const pickedVisit = ({ context, event }: Args) => event.facts.visits.filter((visit) => visit.id === context.picked);
const visitChoices = ({ context, event }: Args): readonly Choice[] =>
  liveVisits(event.facts).map((visit) => ({
    id: `visit:${context.appointments.indexOf(visit.id)}`,
    key: 'conversations.visit.choice',
    values: { day: visit.day, time: visit.time, doctor: visit.doctor },
  }));
const actionChoices = (args: Args): readonly Choice[] => [
  ...(pickedVisit(args).some((visit) => visit.confirmed)
    ? []
    : [{ id: 'confirm', key: 'conversations.choice.confirm' }]),
  { id: 'reschedule', key: 'conversations.choice.reschedule' },
  { id: 'cancel', key: 'conversations.choice.cancel' },
  { id: 'calendar', key: 'conversations.visits.calendar' },
];
const showActions = say((args) => content('chooseAction', pickedVisit(args), actionChoices(args)));
const showList = say((args) => content('list', liveVisits(args.event.facts), visitChoices(args)));
const pick = [remember((args) => ({ picked: pickedBy(args), clarified: false })), showActions];
const wait = remember(({ event }) => ({ wakeAt: hoursAfter(event.facts, 24) }));
const answer = (choice: 'confirm' | 'reschedule' | 'cancel') => ({
  type: 'answerVisit' as const,
  params: ({ context }: Args) => ({ appointment: context.picked ?? '', choice }),
});
const unclear = [
  {
    guard: 'clarifiedBefore' as const,
    target: '#visits.handedOver' as const,
    actions: [say(() => handedOver), handOver],
  },
  { actions: [remember(() => ({ clarified: true })), say(({ event }) => clarify('list', event.facts))] },
];

/** A patient's future visits: pick one, then confirm, move or cancel it as if its confirmation had been asked, or note it in a calendar. */
export const visitsMachine = setup({
  types: {
    context: {} as VisitsContext,
    events: {} as VisitsEvent,
    input: {} as { readonly appointments: readonly string[]; readonly expiresAt: string | null },
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<VisitsContext>) => params) },
  guards: {
    nothingAhead: ({ event }) => liveVisits(event.facts).length === 0,
    oneAhead: ({ event }) => liveVisits(event.facts).length === 1,
    pickedNothing: ({ context, event }) => pickedBy({ context, event }) === null,
    clarifiedBefore: ({ context }) => context.clarified,
  },
}).createMachine({
  id: 'visits',
  context: ({ input }) => ({
    appointments: input.appointments,
    picked: null,
    clarified: false,
    wakeAt: input.expiresAt,
  }),
  initial: 'listing',
  on: {
    visitPicked: [
      { guard: 'pickedNothing', actions: say(() => content('notThere')) },
      { target: '.choosingAction', actions: [wait, ...pick] },
    ],
    personAsked: { target: '.handedOver', actions: [say(() => handedOver), handOver] },
    timeOver: { target: '.closed' },
  },
  states: {
    listing: {
      meta: { status: 'open' },
      on: {
        opened: [
          { guard: 'nothingAhead', target: 'closed', actions: say(() => content('none')) },
          {
            guard: 'oneAhead',
            target: 'choosingAction',
            actions: [
              remember(({ event }) => ({
                picked: liveVisits(event.facts)[0]?.id ?? null,
                wakeAt: hoursAfter(event.facts, 24),
              })),
              showActions,
            ],
          },
          { target: 'choosingVisit', actions: [wait, showList] },
        ],
      },
    },
    choosingVisit: { meta: { status: 'open' }, on: { notUnderstood: unclear } },
    choosingAction: {
      meta: { status: 'open' },
      on: {
        confirm: { target: 'confirmed', actions: answer('confirm') },
        reschedule: { target: 'moving', actions: answer('reschedule') },
        cancel: { target: 'cancelling', actions: answer('cancel') },
        calendarAsked: {
          target: 'calendar',
          actions: say((args) => ({
            ...content('calendarLink', pickedVisit(args)),
            values: { url: pickedVisit(args)[0]?.calendarUrl ?? '' },
          })),
        },
        backAsked: { target: 'choosingVisit', actions: [showList] },
        notUnderstood: unclear,
      },
    },
    confirmed: { meta: { status: 'closed', outcome: 'confirmed' }, on: { timeOver: {} } },
    moving: { meta: { status: 'closed', outcome: 'moving' }, on: { timeOver: {} } },
    cancelling: { meta: { status: 'closed', outcome: 'cancelling' }, on: { timeOver: {} } },
    calendar: { meta: { status: 'closed', outcome: 'calendar' }, on: { timeOver: {} } },
    closed: { meta: { status: 'closed', outcome: 'closed' }, on: { timeOver: {} } },
    handedOver: { meta: { status: 'closed', outcome: 'handedOver' }, on: { timeOver: {} } },
  },
});
