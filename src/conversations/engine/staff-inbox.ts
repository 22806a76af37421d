import type { Conversation, Inbox } from '../../core/conversation.ts';
import type { EngineDeps } from './deps.ts';
import { replyRow } from './effects.ts';
import type { Keeper } from './keeper.ts';
import { answeredRows, STAFF_WORDS } from './staff-room.ts';

/** What staff do in the inbox: their words go out through the outbox as they are, and the bot falls silent. */
export function createStaffInbox(deps: EngineDeps, keeper: Keeper): Inbox {
  const { stores, sender, clock, newId } = deps;
  return {
    async answer(id, text, by) {
      const asked = await stores.conversations.get(id);
      if (asked === null) return null;
      const now = clock.now();
      const open = await withPerson(deps, asked, now);
      const inbox =
        open === null
          ? await takeOver(deps, keeper, asked, now)
          : await keeper.tell(open.id, { type: 'staffAnswered' }, now);
      if (inbox === null) return null;
      const key = `${inbox.id}:staff:${newId()}`;
      const shown = await answeredRows(deps, `${key}:shown`, { by, text }, inbox, now);
      await sender.enqueue([staffWords(key, { text, by }, inbox, now), ...shown]);
      return stores.conversations.get(inbox.id);
    },
    async returnToBot(id) {
      const asked = await stores.conversations.get(id);
      if (asked === null) return null;
      const now = clock.now();
      const open = await withPerson(deps, asked, now);
      if (open !== null) await keeper.tell(open.id, { type: 'returnedToBot' }, now);
      return stores.conversations.get(open?.id ?? id);
    },
  };
}

/** The dialogue with a person that is open in the chat of this conversation. */
export async function withPerson(
  { stores }: Pick<EngineDeps, 'stores'>,
  { at }: Conversation,
  now: Date,
): Promise<Conversation | null> {
  const ofChat = at.address === '' ? [] : await stores.conversations.ofChat(at, now);
  return ofChat.find((other) => other.status === 'handedOver') ?? null;
}

/** Staff take the chat of this conversation over without having been called. */
export function takeOver(
  { newId }: Pick<EngineDeps, 'newId'>,
  keeper: Keeper,
  { at, patient, branch, locale }: Conversation,
  now: Date,
  heard?: string,
): Promise<Conversation | null> {
  return keeper.begin(
    { id: newId(), at, patient, branch, locale, machine: 'inbox', input: undefined, appointments: [] },
    { type: 'handedOver', by: 'staff' },
    now,
    heard,
  );
}

/** The row that carries words of staff to the patient; `by` is kept beside them and not shown to the patient. */
export function staffWords(
  key: string,
  { text, by }: { readonly text: string; readonly by: string },
  conversation: Conversation,
  now: Date,
) {
  return replyRow(key, { key: STAFF_WORDS, values: { text, by } }, conversation, now);
}
