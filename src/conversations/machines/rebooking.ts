import { assign, setup } from 'xstate';
import type { Choice, Content } from '../../core/content.ts';
import { effectActions, type SlotFact, type Wish } from './effects.ts';
import type { StateMeta } from './facts.ts';
import type { DayFact, RebookingContext, RebookingEvent } from './rebooking-events.ts';
import { clarify, handedOver } from './sentences.ts';
import { back, callMe, dayButtons, SLOTS_SHOWN, slotButtons, slotChoice } from './slot-choices.ts';

/** Bump when stored snapshots would be misread. */
export const rebookingVersion = 1;

interface Args {
  readonly context: RebookingContext;
  readonly event: RebookingEvent;
}

const content = (key: string, values: Content['values'] = {}, choices: readonly Choice[] = []): Content => ({
  key: `conversations.rebooking.${key}`,
  values,
  choices,
});
const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const remember = (make: (args: Args) => Partial<RebookingContext>) => ({ type: 'remember' as const, params: make });
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };

const daysOf = (event: RebookingEvent): readonly DayFact[] => (event.type === 'daysLoaded' ? event.days : []);
const slotsOf = (event: RebookingEvent): readonly SlotFact[] => (event.type === 'slotsLoaded' ? event.slots : []);
const chosen = ({ context, event }: Args): SlotFact | null =>
  event.type === 'slotChosen' ? (context.slots.find((slot) => slotChoice(slot.id) === event.slot) ?? null) : null;
const slotValues = (slot: SlotFact | null) => ({
  day: slot?.day ?? '',
  time: slot?.time ?? '',
  doctor: slot?.doctorName ?? '',
});
const showSlots = say(({ context }) =>
  content('chooseSlot', slotValues(context.slots[0] ?? null), slotButtons(context.slots, context.from)),
);

const loadDays = (after: (args: Args) => string | null) => ({
  type: 'loadDays' as const,
  params: (args: Args) => ({ wish: args.context.wish, after: after(args) }),
});
const loadSlots = {
  type: 'loadSlots' as const,
  params: ({ context }: Args) => ({ wish: context.wish, day: context.day ?? '' }),
};
const firstDays = [remember(() => ({ clarified: false })), loadDays(() => null)];
const askCall = [
  {
    type: 'addTask' as const,
    params: ({ context }: Args) => ({
      kind: 'callMe' as const,
      appointment: context.wish.appointment,
      key: 'conversations.task.callMe',
    }),
  },
];
const rebookNext = {
  type: 'rebookNext' as const,
  params: ({ context, event }: Args) => ({ id: event.facts.freshId, appointments: context.wish.further }),
};
const sayBooked = [
  remember(({ event }) => ({ booked: event.type === 'booked' ? event.appointment : null })),
  say(({ context }) => content(context.wish.mode === 'move' ? 'moved' : 'booked', slotValues(context.slot))),
];
const unclear = (question: 'list' | 'yesNo') => [
  {
    guard: 'clarifiedBefore' as const,
    target: '#rebooking.handedOver' as const,
    actions: [say(() => handedOver), handOver],
  },
  { actions: [remember(() => ({ clarified: true })), say(({ event }) => clarify(question, event.facts))] },
];
const chooseDay = {
  target: '#rebooking.loadingSlots' as const,
  actions: [
    remember(({ event }: Args) => ({ day: event.type === 'dayChosen' ? event.day : null, from: 0, clarified: false })),
    loadSlots,
  ],
};
const tellClosed = { actions: say(() => content('closed')) };
const tellBooked = { actions: say(({ context }) => content('already', slotValues(context.slot))) };
/** Buttons of a search that is over, all but its days. */
const answersTo = <Told>(told: Told) => ({
  slotChosen: told,
  otherDayAsked: told,
  laterAsked: told,
  backAsked: told,
  yes: told,
});
const goodbye = { target: '#rebooking.gaveUp' as const, actions: say(() => content('gaveUp')) };

/**
 * A new time for a visit: a day, a slot, a yes. `move` keeps the appointment and its old time until the new one is written,
 * `new` makes a further one. A slot is promised only after it is written (spec: conversations.md).
 */
export const rebookingMachine = setup({
  types: {
    context: {} as RebookingContext,
    events: {} as RebookingEvent,
    input: {} as { readonly wish: Wish; readonly days: readonly DayFact[]; readonly expiresAt: string | null },
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<RebookingContext>) => params) },
  guards: {
    noDays: ({ event }) => daysOf(event).length === 0,
    noMoreDays: ({ context, event }) =>
      event.type === 'daysLoaded' && daysOf(event).length === 0 && event.again && context.lastDay !== null,
    noDaysButLink: ({ event }) => daysOf(event).length === 0 && event.facts.bookingUrl !== null,
    noSlots: ({ event }) => slotsOf(event).length === 0,
    slotKnown: ({ context, event }) => chosen({ context, event }) !== null,
    moreSlots: ({ context }) => context.slots.length > context.from + SLOTS_SHOWN,
    moves: ({ context }) => context.wish.mode === 'move',
    moreToBook: ({ context }) => context.wish.further.length > 0,
    clarifiedBefore: ({ context }) => context.clarified,
  },
}).createMachine({
  id: 'rebooking',
  context: ({ input }) => ({
    wish: input.wish,
    slots: [],
    from: 0,
    slot: null,
    booked: null,
    day: null,
    days: input.days,
    lastDay: input.days.at(-1)?.day ?? null,
    clarified: false,
    wakeAt: input.expiresAt,
  }),
  initial: 'choosingDay',
  on: {
    personAsked: { target: '.handedOver', actions: [say(() => handedOver), handOver] },
    callAsked: { target: '.callMe', actions: [...askCall, say(() => content('willCall'))] },
    // Buttons of earlier messages keep their meaning: a day is a day whatever is asked now.
    dayChosen: chooseDay,
    timeOver: { target: '.expired' },
    visitCancelled: [{ guard: 'moves', target: '.gaveUp' }],
    visitMoved: [{ guard: 'moves', target: '.moved' }],
    stopped: { target: '.gaveUp' },
  },
  states: {
    choosingDay: {
      meta: { status: 'open' },
      on: {
        opened: { target: 'loadingDays', actions: firstDays },
        daysAsked: { target: 'loadingDays', actions: firstDays },
        yes: { target: 'loadingDays', actions: firstDays },
        otherDayAsked: { target: 'loadingDays', actions: [loadDays(({ context }) => context.lastDay)] },
        backAsked: { target: 'loadingDays', actions: firstDays },
        no: goodbye,
        notUnderstood: unclear('list'),
      },
    },
    loadingDays: {
      meta: { status: 'open' },
      on: {
        daysLoaded: [
          {
            guard: 'noMoreDays',
            target: 'choosingDay',
            actions: [
              remember(() => ({ lastDay: null })),
              say(({ context }) => content('noOtherDays', {}, [...dayButtons(context.days).slice(0, -1), callMe])),
            ],
          },
          {
            guard: 'noDaysButLink',
            target: 'followingLink',
            actions: say(({ event }) => content('useLink', { url: event.facts.bookingUrl ?? '' }, [callMe])),
          },
          { guard: 'noDays', target: 'callMe', actions: [...askCall, say(() => content('noSlots'))] },
          {
            target: 'choosingDay',
            actions: [
              remember(({ event }) => ({ days: daysOf(event), lastDay: daysOf(event).at(-1)?.day ?? null })),
              say(({ context }) => content('chooseDay', {}, dayButtons(context.days))),
            ],
          },
        ],
      },
    },
    followingLink: {
      meta: { status: 'open' },
      on: {
        yes: { target: 'callMe', actions: [...askCall, say(() => content('willCall'))] },
        no: goodbye,
        notUnderstood: unclear('yesNo'),
        timeOver: { target: 'gaveUp' },
      },
    },
    loadingSlots: {
      meta: { status: 'open' },
      on: {
        dayChosen: {},
        slotsLoaded: [
          { guard: 'noSlots', target: 'loadingDays', actions: [say(() => content('dayIsFull')), ...firstDays] },
          {
            target: 'choosingSlot',
            actions: [remember(({ event }) => ({ slots: slotsOf(event), from: 0 })), showSlots],
          },
        ],
      },
    },
    choosingSlot: {
      meta: { status: 'open' },
      on: {
        slotChosen: [
          {
            guard: 'slotKnown',
            target: 'confirming',
            actions: [
              remember((args) => ({ slot: chosen(args), clarified: false })),
              say(({ context }) =>
                content(context.wish.mode === 'move' ? 'moveTo' : 'bookFor', slotValues(context.slot), [
                  { id: 'yes', key: 'conversations.choice.yes' },
                  back,
                ]),
              ),
            ],
          },
          { target: 'loadingSlots', actions: loadSlots },
        ],
        laterAsked: [
          {
            guard: 'moreSlots',
            actions: [remember(({ context }) => ({ from: context.from + SLOTS_SHOWN })), showSlots],
          },
          { actions: [remember(() => ({ from: 0 })), showSlots] },
        ],
        backAsked: { target: 'loadingDays', actions: firstDays },
        otherDayAsked: { target: 'loadingDays', actions: [loadDays(({ context }) => context.lastDay)] },
        no: goodbye,
        notUnderstood: unclear('list'),
      },
    },
    confirming: {
      meta: { status: 'open' },
      on: {
        yes: {
          target: 'booking',
          actions: {
            type: 'bookSlot',
            params: ({ context, event }) => ({
              wish: context.wish,
              slot: context.slot ?? noSlot,
              id: `chat-${event.facts.freshId}`,
            }),
          },
        },
        no: { target: 'loadingSlots', actions: loadSlots },
        backAsked: { target: 'loadingSlots', actions: loadSlots },
        slotChosen: { target: 'loadingSlots', actions: loadSlots },
        otherDayAsked: { target: 'loadingDays', actions: firstDays },
        notUnderstood: unclear('yesNo'),
      },
    },
    booking: {
      meta: { status: 'open' },
      on: {
        booked: [
          { guard: 'moreToBook', target: 'booked', actions: [...sayBooked, rebookNext] },
          { target: 'booked', actions: sayBooked },
        ],
        slotTaken: { target: 'slotTaken', actions: loadSlots },
        visitGone: { target: 'gaveUp', actions: say(() => content('visitGone')) },
        dayChosen: {},
        visitMoved: {},
        visitCancelled: {},
      },
    },
    slotTaken: {
      meta: { status: 'open' },
      on: {
        dayChosen: {},
        slotsLoaded: [
          { guard: 'noSlots', target: 'loadingDays', actions: [say(() => content('dayIsFull')), ...firstDays] },
          {
            target: 'choosingSlot',
            actions: [
              remember(({ event }) => ({ slots: slotsOf(event), from: 0, slot: null })),
              say(({ context }) => content('slotTaken', {}, slotButtons(context.slots, 0))),
            ],
          },
        ],
      },
    },
    booked: {
      meta: { status: 'closed', outcome: 'booked' },
      on: { ...answersTo(tellBooked), dayChosen: tellBooked, timeOver: {} },
    },
    moved: {
      meta: { status: 'closed', outcome: 'moved' },
      on: { ...answersTo(tellClosed), dayChosen: {}, visitCancelled: {}, timeOver: {} },
    },
    gaveUp: { meta: { status: 'closed', outcome: 'gaveUp' }, on: { ...answersTo(tellClosed), timeOver: {} } },
    callMe: {
      meta: { status: 'closed', outcome: 'callMe' },
      on: { ...answersTo(tellClosed), callAsked: {}, timeOver: {} },
    },
    expired: {
      meta: { status: 'closed', outcome: 'expired' },
      on: { ...answersTo(tellClosed), dayChosen: tellClosed, timeOver: {} },
    },
    handedOver: { meta: { status: 'closed', outcome: 'handedOver' }, on: { ...answersTo(tellClosed), timeOver: {} } },
  },
});

/** Stands for a slot that the state `confirming` always has; `take` refuses it. */
const noSlot: SlotFact = { id: '', doctor: '', doctorName: '', start: '', end: '', day: '', time: '' };
