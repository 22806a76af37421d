import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import { effectActions } from './effects.ts';
import {
  type CommonContext,
  type CommonEvent,
  type Facts,
  hoursAfter,
  liveVisits,
  type StateMeta,
  type VisitFact,
  visitLine,
  type WithFacts,
} from './facts.ts';
import { clarify, handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const confirmationVersion = 1;

export interface ConfirmationContext extends CommonContext {
  /** In the order of their buttons; never changes. */
  readonly appointments: readonly string[];
  /** The count of moves of each when it was asked: a later move ends the question. */
  readonly versions: readonly number[];
  /** What is to be done to the visit that is being chosen or asked about once more. */
  readonly intent: 'cancel' | 'reschedule';
  readonly chosen: readonly string[];
}

export type ConfirmationEvent = WithFacts<
  | { readonly type: 'confirm'; readonly question: boolean }
  | { readonly type: 'cancel' }
  | { readonly type: 'reschedule' }
  | { readonly type: 'visitsChosen'; readonly pick: number | 'all' }
  | { readonly type: 'yes' }
  | { readonly type: 'no' }
  | { readonly type: 'reasonGiven'; readonly text: string }
  | { readonly type: 'skipped' }
  | CommonEvent
>;

interface Args {
  readonly context: ConfirmationContext;
  readonly event: ConfirmationEvent;
}

const yesNo: readonly Choice[] = [
  { id: 'yes', key: 'conversations.choice.yes' },
  { id: 'no', key: 'conversations.choice.no' },
];
const newTime: readonly Choice[] = [
  { id: 'newTime', key: 'conversations.choice.newTime' },
  { id: 'noTime', key: 'conversations.choice.noThanks' },
];
const skip: readonly Choice[] = [{ id: 'skip', key: 'conversations.choice.skip' }];

const content = (key: string, visits: readonly VisitFact[] = [], choices: readonly Choice[] = []): Content => ({
  key: `conversations.confirmation.${key}`,
  values: { count: visits.length },
  parts: visits.map(visitLine),
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});

const picked = (context: ConfirmationContext, event: ConfirmationEvent): readonly VisitFact[] => {
  const live = liveVisits(event.facts);
  if (event.type !== 'visitsChosen') return live.filter((visit) => context.chosen.includes(visit.id));
  if (event.pick === 'all') return live;
  const id = context.appointments[event.pick];
  return live.filter((visit) => visit.id === id);
};
const ids = (visits: readonly VisitFact[]) => visits.map((visit) => visit.id);

const visitChoices = (context: ConfirmationContext, facts: Facts): readonly Choice[] => [
  ...liveVisits(facts).map((visit) => ({
    id: `visit:${context.appointments.indexOf(visit.id)}`,
    key: 'conversations.visit.choice',
    values: { day: visit.day, time: visit.time, doctor: visit.doctor },
  })),
  { id: 'all', key: 'conversations.choice.allVisits' },
];

/** What has become of visits that no answer can change any more. */
const truth = ({ facts }: ConfirmationEvent): Content => {
  const parts = facts.visits.map((visit) => ({
    key: `conversations.truth.${visit.state === 'live' ? 'stands' : visit.state}`,
    values: { day: visit.day, time: visit.time, doctor: visit.doctor, since: visit.since },
  }));
  const [first, ...rest] = parts;
  return first === undefined ? { key: 'conversations.truth.gone', values: {} } : { ...first, parts: rest };
};

const remember = (make: (args: Args) => Partial<ConfirmationContext>) => ({ type: 'remember' as const, params: make });
const chosenLive = ({ context, event }: Args) => picked(context, event);
const allLive = ({ event }: Args) => liveVisits(event.facts);
/** The cancelled ones that a new time is offered for. */
const chosenOnes = ({ context, event }: Args) =>
  event.facts.visits.filter((visit) => context.chosen.includes(visit.id));

const setStatus = (step: 'confirm' | 'cancel', which: (args: Args) => readonly VisitFact[]) => ({
  type: 'setStatus' as const,
  params: (args: Args) => ({
    appointments: ids(which(args)),
    step,
    reason: args.event.type === 'reasonGiven' ? args.event.text : null,
  }),
});
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };
const sayTruth = say(({ event }) => truth(event));

const confirmNow = [setStatus('confirm', allLive), say((args) => content('confirmed', allLive(args)))];
const cancelNow = (which: (args: Args) => readonly VisitFact[]) => [
  setStatus('cancel', which),
  remember((args) => ({ chosen: ids(which(args)), clarified: false, wakeAt: hoursAfter(args.event.facts, 24) })),
  say((args) => content('cancelled', which(args), skip)),
];
const rebook = (which: (args: Args) => readonly VisitFact[]) => [
  {
    type: 'rebookNext' as const,
    params: (args: Args) => ({ id: args.event.facts.freshId, appointments: ids(which(args)) }),
  },
  remember((args) => ({ chosen: ids(which(args)), clarified: false })),
];
const askWhich = (intent: ConfirmationContext['intent']) => [
  remember(() => ({ intent })),
  say(({ context, event }) =>
    content(intent === 'cancel' ? 'cancelWhich' : 'moveWhich', [], visitChoices(context, event.facts)),
  ),
];
const doubt = (which: (args: Args) => readonly VisitFact[]) => [
  remember((args) => ({ intent: 'cancel', chosen: ids(which(args)) })),
  say((args) => {
    const visits = which(args);
    return content(visits.some((visit) => visit.confirmed) ? 'cancelConfirmed' : 'cancelSure', visits, yesNo);
  }),
];
const unclear = (question: 'confirmation' | 'list' | 'yesNo') => [
  {
    guard: 'clarifiedBefore' as const,
    target: '#confirmation.handedOver' as const,
    actions: [say(() => handedOver), handOver],
  },
  { actions: [remember(() => ({ clarified: true })), say(({ event }) => clarify(question, event.facts))] },
];
const followed = {
  visitMoved: { target: '#confirmation.moved' as const },
  visitCancelled: [{ guard: 'someStillLive' as const }, { target: '#confirmation.cancelled' as const }],
};

/**
 * The confirmation question of one visit, or of all visits of one phone and day. Ends in `confirmed`, `cancelled`, `moved`,
 * `expired` or `handedOver`, and hears answers there too: people change their mind (spec: conversations.md).
 */
export const confirmationMachine = setup({
  types: {
    context: {} as ConfirmationContext,
    events: {} as ConfirmationEvent,
    input: {} as {
      readonly appointments: readonly string[];
      readonly versions: readonly number[];
      readonly expiresAt: string | null;
    },
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<ConfirmationContext>) => params) },
  guards: {
    movedSince: ({ context, event }) =>
      liveVisits(event.facts).some(
        (visit) => context.versions[context.appointments.indexOf(visit.id)] !== visit.version,
      ),
    nothingLive: ({ event }) => liveVisits(event.facts).length === 0,
    severalLive: ({ event }) => liveVisits(event.facts).length > 1,
    someConfirmed: ({ event }) => liveVisits(event.facts).some((visit) => visit.confirmed),
    wasConfirmed: ({ event }) => event.facts.visits.some((visit) => visit.confirmed),
    someStillLive: ({ event }) => liveVisits(event.facts).length > 0,
    pickedNothing: ({ context, event }) => picked(context, event).length === 0,
    cancelsConfirmed: ({ context, event }) =>
      context.intent === 'cancel' && picked(context, event).some((visit) => visit.confirmed),
    chosenLive: ({ context, event }) => picked(context, event).length > 0,
    cancels: ({ context }) => context.intent === 'cancel',
    clarifiedBefore: ({ context }) => context.clarified,
    withQuestion: ({ event }) => event.type === 'confirm' && event.question,
  },
}).createMachine({
  id: 'confirmation',
  context: ({ input }) => ({
    appointments: input.appointments,
    versions: input.versions,
    intent: 'cancel',
    chosen: [],
    clarified: false,
    wakeAt: input.expiresAt,
  }),
  initial: 'asked',
  on: {
    confirm: [
      { guard: 'movedSince', target: '.moved', actions: sayTruth },
      { guard: 'nothingLive', actions: sayTruth },
      {
        guard: 'withQuestion',
        target: '.confirmed',
        actions: [
          setStatus('confirm', allLive),
          say((args) => content('confirmedWithQuestion', allLive(args))),
          handOver,
        ],
      },
      { target: '.confirmed', actions: confirmNow },
    ],
    cancel: [
      { guard: 'movedSince', target: '.moved', actions: sayTruth },
      { guard: 'nothingLive', actions: sayTruth },
      { guard: 'severalLive', target: '.choosingVisit', actions: askWhich('cancel') },
      { guard: 'someConfirmed', target: '.doubting', actions: doubt(allLive) },
      { target: '.cancelling', actions: cancelNow(allLive) },
    ],
    reschedule: [
      { guard: 'movedSince', target: '.moved', actions: sayTruth },
      { guard: 'nothingLive', actions: sayTruth },
      { guard: 'severalLive', target: '.choosingVisit', actions: askWhich('reschedule') },
      { target: '.rebooking', actions: rebook(allLive) },
    ],
    personAsked: { target: '.handedOver', actions: [say(() => handedOver), handOver] },
    timeOver: { target: '.expired' },
  },
  states: {
    asked: { meta: { status: 'open' }, on: { ...followed, notUnderstood: unclear('confirmation') } },
    choosingVisit: {
      meta: { status: 'open' },
      on: {
        ...followed,
        visitsChosen: [
          { guard: 'pickedNothing', actions: sayTruth },
          { guard: 'cancelsConfirmed', target: 'doubting', actions: doubt(chosenLive) },
          { guard: 'cancels', target: 'cancelling', actions: cancelNow(chosenLive) },
          { target: 'rebooking', actions: rebook(chosenLive) },
        ],
        notUnderstood: unclear('list'),
      },
    },
    doubting: {
      meta: { status: 'open' },
      on: {
        ...followed,
        yes: { target: 'cancelling', actions: cancelNow(chosenLive) },
        cancel: [
          { guard: 'pickedNothing', actions: sayTruth },
          { target: 'cancelling', actions: cancelNow(chosenLive) },
        ],
        no: [
          { guard: 'wasConfirmed', target: 'confirmed', actions: say((args) => content('kept', chosenLive(args))) },
          { target: 'asked', actions: say((args) => content('kept', chosenLive(args))) },
        ],
        notUnderstood: unclear('yesNo'),
        timeOver: [{ guard: 'wasConfirmed', target: 'confirmed' }, { target: 'expired' }],
      },
    },
    cancelling: {
      meta: { status: 'open', outcome: 'cancelled' },
      on: {
        reasonGiven: {
          target: 'offeringTime',
          actions: [setStatus('cancel', chosenOnes), say(() => content('offerTime', [], newTime))],
        },
        skipped: { target: 'offeringTime', actions: say(() => content('offerTime', [], newTime)) },
        reschedule: { target: 'cancelled', actions: rebook(chosenOnes) },
        cancel: {},
        // What sounds like "I did not mean it" is for a person at once.
        notUnderstood: { target: 'handedOver', actions: [say(() => handedOver), handOver] },
        timeOver: { target: 'cancelled' },
      },
    },
    offeringTime: {
      meta: { status: 'open', outcome: 'cancelled' },
      on: {
        yes: { target: 'cancelled', actions: rebook(chosenOnes) },
        reschedule: { target: 'cancelled', actions: rebook(chosenOnes) },
        no: { target: 'cancelled', actions: say(() => content('goodbye')) },
        notUnderstood: unclear('yesNo'),
        timeOver: { target: 'cancelled' },
      },
    },
    rebooking: {
      meta: { status: 'open' },
      on: {
        ...followed,
        // "Cancel" may mean the search for a new time or the visit: asked once.
        cancel: { guard: 'chosenLive', target: 'doubting', actions: doubt(chosenLive) },
      },
    },
    confirmed: { meta: { status: 'closed', outcome: 'confirmed' }, on: { timeOver: {} } },
    cancelled: { meta: { status: 'closed', outcome: 'cancelled' }, on: { timeOver: {} } },
    moved: {
      meta: { status: 'closed', outcome: 'moved' },
      on: {
        confirm: { actions: sayTruth },
        cancel: { actions: sayTruth },
        reschedule: { actions: sayTruth },
        timeOver: {},
      },
    },
    expired: { meta: { status: 'closed', outcome: 'expired' }, on: { timeOver: {} } },
    handedOver: { meta: { status: 'closed', outcome: 'handedOver' }, on: { timeOver: {} } },
  },
});
