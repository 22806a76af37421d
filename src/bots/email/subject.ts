import type { OutgoingMessage } from '../../core/channel.ts';
import type { Sentence } from '../../core/content.ts';
import { SCENARIOS } from '../../core/scenario.ts';

/** What the mail is about and from whom: neither the patient's name nor a day, for subjects are read over shoulders and on locked screens. */
export function subjectOf(
  { content, kind, text, visit, sender }: Pick<OutgoingMessage, 'content' | 'kind' | 'text' | 'visit' | 'sender'>,
  sentence: Sentence,
): string {
  const words = sentence(`bots.email.subject.${topicOf(content.key, kind)}`, text.locale);
  const branch = content.values['branch.name'] ?? content.values['branch'] ?? visit?.branch ?? sender.emailName ?? '';
  return branch === '' ? words : `${words} – ${branch}`;
}

function topicOf(key: string, kind: OutgoingMessage['kind']): string {
  const [room, topic] = key.split('.');
  if (room === 'scenarios') return SCENARIOS.find((scenario) => scenario === topic) ?? 'message';
  if (kind === 'alert') return room === 'conversations' ? 'lowScore' : 'alert';
  return 'message';
}
