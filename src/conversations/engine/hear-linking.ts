import { inboxTalk, tellInbox } from './hear-global.ts';
import type { Hearing } from './hearing.ts';
import type { EventBody } from './step.ts';

/** `/start TOKEN` of a deep link, or `/start` alone, which asks for the phone number. */
export async function hearStart(hearing: Hearing, text: string): Promise<void> {
  const token = text.split(/\s+/)[1];
  if (token !== undefined) {
    return tellLinking(hearing, { type: 'tokenGiven', hash: hearing.deps.staffHash(token) });
  }
  if (hearing.chat.patients.length > 0) return tellInbox(hearing, { type: 'helpAsked' }, true);
  return tellLinking(hearing, { type: 'started' });
}

/** A shared contact; whether it is the sender's own is for the machine to heed. */
export async function hearContact(
  hearing: Hearing,
  body: { readonly phone: string; readonly own: boolean },
): Promise<void> {
  if (hearing.message.from.channel !== 'telegram') return tellInbox(hearing, { type: 'notUnderstood' });
  return tellLinking(hearing, { type: 'contactShared', phone: body.phone, own: body.own });
}

async function tellLinking(hearing: Hearing, event: EventBody): Promise<void> {
  const { deps, keeper, conversations, message, now } = hearing;
  const open = conversations.find(
    (conversation) => conversation.machine === 'linking' && conversation.status === 'open',
  );
  if (open !== undefined) {
    await keeper.tell(open.id, event, now, message.id);
    return;
  }
  await keeper.begin({ ...inboxTalk(hearing, deps.newId()), machine: 'linking' }, event, now, message.id);
}
