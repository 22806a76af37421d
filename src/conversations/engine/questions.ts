import type { Conversation, Questions } from '../../core/conversation.ts';
import { dayTitle } from '../../core/day-choices.ts';
import type { Locale } from '../../core/locale.ts';
import type { Opening } from '../../core/opening.ts';
import type { EngineDeps } from './deps.ts';
import { newConversation } from './keeper.ts';
import { firstSnapshot } from './step.ts';

const RACES = 8;
/** Ends after which a question that is asked once more starts anew; the others keep what they came to. */
const ASKED_ANEW = ['expired', 'handedOver', 'restarted', 'gaveUp'];

type Asked = Parameters<Questions['open']>[0];

/** Stores the question of a scenario message before it is sent; the second request goes on in the same conversation. */
export function createQuestions({ stores, clock }: EngineDeps): Questions {
  return {
    async open(asked) {
      const now = clock.now();
      const { opening } = asked;
      const appointments = appointmentsOf(opening);
      const found = await stores.appointments.getMany(appointments);
      const versions = appointments.map((id) => found.find((visit) => visit.id === id)?.version ?? 0);
      const input = inputOf(opening, asked.locale, versions);
      const fresh: Conversation = {
        ...newConversation({ ...asked, id: opening.id, machine: opening.machine, input, appointments }, now),
        choices: asked.choices,
        messages: [asked.message],
      };
      await stores.conversations.open(clean(fresh));
      for (let race = 0; race < RACES; race += 1) {
        const stored = await stores.conversations.get(opening.id);
        if (stored === null || goesOn(stored, asked)) return;
        if ((await stores.conversations.save(askedAgain(stored, asked, fresh, input))) !== null) return;
      }
    },
    async withdraw(id) {
      const stored = await stores.conversations.get(id);
      if (stored !== null && stored.heard.length === 0) await stores.conversations.withdraw(id);
    },
  };
}

function goesOn(stored: Conversation, { message, at }: Asked): boolean {
  return stored.messages.includes(message) && stored.at.channel === at.channel && stored.at.address === at.address;
}

function askedAgain(stored: Conversation, asked: Asked, fresh: Conversation, input: unknown): Conversation {
  const messages = [...new Set([...stored.messages, asked.message])];
  const reached = { ...stored, at: asked.at, messages };
  if (stored.status === 'open') return { ...reached, choices: asked.choices, wakeAt: fresh.wakeAt };
  if (!ASKED_ANEW.includes(stored.state)) return reached;
  const { snapshot, state } = firstSnapshot(stored.machine, input);
  const { outcome: _over, ...rest } = reached;
  return {
    ...rest,
    snapshot,
    state,
    version: fresh.version,
    status: 'open',
    choices: asked.choices,
    changedAt: fresh.changedAt,
    wakeAt: fresh.wakeAt,
  };
}

/** Only the fields of a conversation. */
function clean(conversation: Conversation & Partial<Pick<Asked, 'message' | 'opening' | 'content'>>): Conversation {
  const { message: _message, opening: _opening, content: _content, ...rest } = conversation;
  return rest;
}

function appointmentsOf(opening: Opening): readonly string[] {
  switch (opening.machine) {
    case 'confirmation':
      return opening.context.appointments;
    case 'survey':
      return [opening.context.appointment];
    case 'rebooking':
      return opening.context.appointment === null ? [] : [opening.context.appointment];
    case 'offer':
      return [];
    default:
      return opening satisfies never;
  }
}

function inputOf(opening: Opening, locale: Locale, versions: readonly number[]): unknown {
  const expiresAt = opening.expiresAt?.toISOString() ?? null;
  switch (opening.machine) {
    case 'confirmation':
      return { appointments: opening.context.appointments, versions, expiresAt };
    case 'survey':
      return { opening: opening.context, expiresAt };
    case 'rebooking': {
      const days = opening.context.days.map((day) => ({ day, title: dayTitle(day, locale) }));
      return { wish: { ...opening.context, further: [] }, days, expiresAt };
    }
    case 'offer':
      return { offer: opening.context, expiresAt };
    default:
      return opening satisfies never;
  }
}
