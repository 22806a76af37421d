import { assign, setup } from 'xstate';
import type { Content } from '../../core/content.ts';
import type { OpeningContexts } from '../../core/opening.ts';
import { effectActions } from './effects.ts';
import type { CommonContext, CommonEvent, StateMeta, WithFacts } from './facts.ts';
import { clarify, handedOver } from './sentences.ts';

/** Bump when stored snapshots would be misread. */
export const offerVersion = 1;

export interface OfferContext extends CommonContext {
  readonly offer: OpeningContexts['offer'];
}

export type OfferEvent = WithFacts<{ readonly type: 'accepted' } | { readonly type: 'declined' } | CommonEvent>;

interface Args {
  readonly context: OfferContext;
  readonly event: OfferEvent;
}

const say = (make: (args: Args) => Content) => ({
  type: 'say' as const,
  params: (args: Args) => ({ content: make(args) }),
});
const handOver = { type: 'handOver' as const, params: ({ event }: Args) => ({ id: event.facts.freshId }) };
const book = {
  type: 'openOffer' as const,
  params: ({ context, event }: Args) => ({ id: event.facts.freshId, offer: context.offer }),
};

/** The birthday offer: taken up it opens rebooking with its discount. Ends in `booked` (booking began), `declined` or `expired`. */
export const offerMachine = setup({
  types: {
    context: {} as OfferContext,
    events: {} as OfferEvent,
    input: {} as { readonly offer: OpeningContexts['offer']; readonly expiresAt: string | null },
    meta: {} as StateMeta,
  },
  actions: { ...effectActions, remember: assign((_, params: Partial<OfferContext>) => params) },
  guards: { clarifiedBefore: ({ context }) => context.clarified },
}).createMachine({
  id: 'offer',
  context: ({ input }) => ({ offer: input.offer, clarified: false, wakeAt: input.expiresAt }),
  initial: 'offered',
  states: {
    offered: {
      meta: { status: 'open' },
      on: {
        accepted: { target: 'booked', actions: book },
        declined: { target: 'declined', actions: say(() => ({ key: 'conversations.offer.declined', values: {} })) },
        notUnderstood: [
          { guard: 'clarifiedBefore', target: 'handedOver', actions: [say(() => handedOver), handOver] },
          {
            actions: [
              { type: 'remember', params: { clarified: true } },
              say(({ event }) => clarify('yesNo', event.facts)),
            ],
          },
        ],
        personAsked: { target: 'handedOver', actions: [say(() => handedOver), handOver] },
        timeOver: { target: 'expired' },
        stopped: { target: 'declined' },
      },
    },
    booked: { meta: { status: 'closed', outcome: 'booked' }, on: { accepted: { actions: book } } },
    declined: {
      meta: { status: 'closed', outcome: 'declined' },
      on: { accepted: { target: 'booked', actions: book } },
    },
    expired: {
      meta: { status: 'closed', outcome: 'expired' },
      on: { accepted: { actions: say(() => ({ key: 'conversations.offer.over', values: {} })) } },
    },
    handedOver: {
      meta: { status: 'closed', outcome: 'handedOver' },
      on: { accepted: { target: 'booked', actions: book } },
    },
  },
});
