import type { Content } from '../../core/content.ts';
import type { Facts } from './facts.ts';

/** "A person will answer you": said with every hand-over. */
export const handedOver: Content = { key: 'conversations.handedOver', values: {} };

/** The one gentle explanation a question gets, with its choices once more (spec: conversations.md, Matching 5). */
export function clarify(
  question: 'confirmation' | 'score' | 'contact' | 'yesNo' | 'list' | 'phone',
  facts: Facts,
): Content {
  return { key: `conversations.clarify.${question}`, values: {}, choices: facts.choices };
}
