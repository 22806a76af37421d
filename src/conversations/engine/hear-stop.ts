import { refusalKey } from '../../core/address.ts';
import { tellInbox } from './hear-global.ts';
import type { Hearing } from './hearing.ts';

/**
 * STOP takes effect before anything else and START lifts it; either is acknowledged once, in whatever state the chat is. The
 * change is written before the refusal, so that a repeat after a crash still tells the clinic's system.
 */
export async function hearStop(hearing: Hearing, word: 'stop' | 'start'): Promise<void> {
  const { deps, keeper, chat, conversations, message, now } = hearing;
  const { refusals, changes } = deps.stores;
  const key = refusalKey(message.from);
  const wasStopped = (await refusals.stopped([key])).has(key);
  const change = word === 'stop' ? 'stopped' : 'started';
  if (wasStopped !== (word === 'stop')) {
    for (const { id } of chat.patients) {
      const unique = `${change}:${message.from.channel}:${message.id}:${id}`;
      await changes.add({ type: 'patient', key: id, change, at: now, by: 'patient' }, unique);
    }
  }
  if (word === 'stop') await refusals.stop(key, now);
  else await refusals.start(key, now);
  deps.metrics.reading({ reading: word });
  // A mailbox says no words: this is one more click on a link, and whoever is off already was told so.
  if (word === 'stop' && wasStopped && message.from.channel === 'email') return;
  if (word === 'stop') {
    for (const conversation of conversations) {
      if (conversation.status === 'open') await keeper.tell(conversation.id, { type: 'stopped' }, now);
    }
  }
  await tellInbox(hearing, { type: word === 'stop' ? 'stopHeard' : 'startHeard' }, true);
}
