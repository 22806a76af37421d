import { DAY_MS } from '../../core/clock.ts';
import type { GlobalWord } from '../answers.ts';
import type { Hearing } from './hearing.ts';
import type { NewTalk } from './keeper.ts';
import type { EventBody } from './step.ts';

/** Carries out a global word that is the whole message (stop and start excepted: `hear-stop.ts`). */
export async function hearGlobal(hearing: Hearing, word: Exclude<GlobalWord, 'stop'> | 'stop'): Promise<void> {
  switch (word) {
    case 'visits':
      return openVisits(hearing);
    case 'help':
      return tellInbox(hearing, { type: 'helpAsked' }, true);
    case 'language':
      return tellInbox(hearing, { type: 'languageAsked' }, true);
    case 'book':
      return tellInbox(hearing, { type: 'bookAsked' }, true);
    case 'person':
      return askPerson(hearing);
    case 'stop':
    case 'start':
      return;
    default:
      return word satisfies never;
  }
}

/** Gives an event to the chat's inbox: the open one, or (where it would not fit there, `anew`) a fresh one. */
export async function tellInbox(hearing: Hearing, event: EventBody, anew = false): Promise<void> {
  const { deps, keeper, conversations, message, now } = hearing;
  const open = conversations.filter(
    (conversation) => conversation.machine === 'inbox' && conversation.status === 'open',
  );
  const [newest] = open;
  if (newest !== undefined && !anew && event.type !== 'questionUnclear') {
    await keeper.tell(newest.id, event, now, message.id);
    return;
  }
  for (const conversation of open) await keeper.tell(conversation.id, { type: 'timeOver' }, now);
  await keeper.begin(inboxTalk(hearing, deps.newId()), event, now, message.id);
}

/** A new conversation in the inbox of a chat. */
export function inboxTalk({ message, chat }: Pick<Hearing, 'message' | 'chat'>, id: string): NewTalk {
  return {
    id,
    at: message.from,
    patient: chat.patients[0]?.id ?? null,
    branch: chat.branch?.id ?? null,
    locale: chat.locale,
    machine: 'inbox',
    input: undefined,
    appointments: [],
  };
}

async function askPerson(hearing: Hearing): Promise<void> {
  const { keeper, conversations, message, now } = hearing;
  const newest = conversations.find((conversation) => conversation.status === 'open');
  if (newest === undefined || newest.machine === 'inbox') return tellInbox(hearing, { type: 'personAsked' }, true);
  await keeper.tell(newest.id, { type: 'personAsked' }, now, message.id);
}

async function openVisits(hearing: Hearing): Promise<void> {
  const { deps, keeper, chat, conversations, message, now } = hearing;
  const briefs = await Promise.all(
    chat.patients.map((patient) => deps.stores.appointments.briefsOfPatient(patient.id)),
  );
  const ahead = briefs
    .flat()
    .filter((brief) => brief.start > now && (brief.status === 'unconfirmed' || brief.status === 'confirmed'))
    .sort((left, right) => left.start.getTime() - right.start.getTime())
    .slice(0, 10)
    .map((brief) => brief.id);
  for (const other of conversations) {
    if (other.machine === 'visits' && other.status === 'open') await keeper.tell(other.id, { type: 'timeOver' }, now);
  }
  await keeper.begin(
    {
      ...inboxTalk(hearing, deps.newId()),
      machine: 'visits',
      input: { appointments: ahead, expiresAt: new Date(now.getTime() + DAY_MS).toISOString() },
      appointments: ahead,
    },
    { type: 'opened' },
    now,
    message.id,
  );
}
