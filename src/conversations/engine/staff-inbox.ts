import type { Conversation, Inbox } from '../../core/conversation.ts';
import type { EngineDeps } from './deps.ts';
import { replyRow } from './effects.ts';
import type { Keeper } from './keeper.ts';

/** What staff do in the inbox: their words go out through the outbox as they are, and the bot falls silent. */
export function createStaffInbox({ stores, sender, clock, newId }: EngineDeps, keeper: Keeper): Inbox {
  const withPerson = async (conversation: Conversation, now: Date): Promise<Conversation | undefined> =>
    (await stores.conversations.ofChat(conversation.at, now)).find((other) => other.status === 'handedOver');

  return {
    async answer(id, text) {
      const asked = await stores.conversations.get(id);
      if (asked === null) return null;
      const now = clock.now();
      const open = await withPerson(asked, now);
      const { at, patient, branch, locale } = asked;
      const inbox =
        open === undefined
          ? await keeper.begin(
              { id: newId(), at, patient, branch, locale, machine: 'inbox', input: undefined, appointments: [] },
              { type: 'handedOver' },
              now,
            )
          : await keeper.tell(open.id, { type: 'staffAnswered' }, now);
      if (inbox === null) return null;
      const content = { key: 'conversations.staffWords', values: { text } };
      await sender.enqueue([replyRow(`${inbox.id}:staff:${newId()}`, content, inbox, now)]);
      return stores.conversations.get(inbox.id);
    },
    async returnToBot(id) {
      const asked = await stores.conversations.get(id);
      if (asked === null) return null;
      const now = clock.now();
      const open = await withPerson(asked, now);
      if (open !== undefined) await keeper.tell(open.id, { type: 'returnedToBot' }, now);
      return stores.conversations.get(open?.id ?? id);
    },
  };
}
