import type { Inbox, Questions } from '../core/conversation.ts';
import type { Follower } from '../core/follower.ts';
import type { Receive } from '../core/inbound.ts';
import type { Message } from '../core/message.ts';
import type { TakeCare } from '../core/survey.ts';
import type { TimedWork } from '../core/timed-work.ts';
import { createTakeCare } from './engine/care.ts';
import type { EngineDeps } from './engine/deps.ts';
import { createDoctorNotes } from './engine/doctor-notes.ts';
import { createEffectRunner } from './engine/effects.ts';
import { createKeeper } from './engine/keeper.ts';
import { createQuestions } from './engine/questions.ts';
import { createPassOn, createReceive } from './engine/receive.ts';
import { createStaffInbox } from './engine/staff-inbox.ts';
import { lostRows } from './engine/staff-room.ts';
import { createConversationWork } from './engine/work.ts';

const BATCH = 100;

/** The conversations as the app wires them. */
export interface Engine {
  readonly receive: Receive;
  readonly questions: Questions;
  readonly inbox: Inbox;
  readonly takeCare: TakeCare;
  /** A reply was given up; staff whose words it carried are told. */
  readonly replyLost: (reply: Message) => Promise<void>;
  readonly follower: Pick<Follower, 'appointmentChanged'>;
  readonly work: TimedWork;
  /** Carries out what an earlier run saved and did not do; call it before messages come in. */
  recover(): Promise<void>;
}

/** Joins keeper, effects and hearing. Everything it writes goes through one save with a revision check. */
export function createEngine(deps: EngineDeps): Engine {
  const keeper = createKeeper(deps, (self) => createEffectRunner(deps, self, createPassOn(deps, self)));
  const notes = createDoctorNotes(deps);
  return {
    receive: createReceive(deps, keeper),
    questions: createQuestions(deps),
    inbox: createStaffInbox(deps, keeper),
    takeCare: createTakeCare(deps),
    async replyLost(reply) {
      await deps.sender.enqueue(await lostRows(deps, reply, deps.clock.now()));
    },
    work: createConversationWork(deps, keeper),
    follower: {
      async appointmentChanged(event) {
        await notes.appointmentChanged(event);
        const { appointment, kind } = event;
        if (kind !== 'moved' && kind !== 'cancelled' && kind !== 'removed') return;
        const type = kind === 'moved' ? 'visitMoved' : 'visitCancelled';
        for (const { id } of await deps.stores.conversations.openAbout(appointment.id)) {
          await keeper.tell(id, { type }, deps.clock.now());
        }
      },
    },
    async recover() {
      const tried = new Set<string>();
      for (;;) {
        const waiting = (await deps.stores.conversations.withPending(BATCH)).filter(({ id }) => !tried.has(id));
        if (waiting.length === 0) return;
        for (const { id } of waiting) {
          tried.add(id);
          await keeper.drain(id, deps.clock.now());
        }
      }
    },
  };
}
