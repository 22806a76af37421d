import type { Message, Verdict } from '../../core/message.ts';
import type { DeliveryDeps, DeliveryOutbox } from './deps.ts';

type Send = Extract<Verdict, { do: 'send' }>;

/** The conversation that a scenario message opens: stored before the send, taken back when it was never asked. */
export interface OpenQuestions {
  open(row: Message, verdict: Send): Promise<void>;
  /** Harmless where another message asked the same question before (a second request): then it stays. */
  withdraw(row: Message, conversation: string | null): Promise<void>;
}

/** Opens the conversation of a message just before it leaves, and takes it back where the message did not. */
export function createOpenQuestions({ conversations, outbox }: DeliveryDeps): OpenQuestions {
  return {
    async open(row, { opening, channel, to, patient, branch, locale, content }) {
      if (opening === null) return;
      const at = { channel, address: to };
      const choices = content.choices ?? [];
      await conversations.open({ message: row.id, at, patient, branch, locale, opening, choices, content });
    },
    async withdraw(row, conversation) {
      if (conversation === null || (await askedBefore(outbox, row, conversation))) return;
      await conversations.withdraw(conversation);
    },
  };
}

async function askedBefore(outbox: DeliveryOutbox, row: Message, conversation: string): Promise<boolean> {
  const { items } = await outbox.list({ conversation, kind: 'scenario' }, { limit: 50 });
  return items.some(({ id, state, sentAt }) => id !== row.id && (sentAt !== null || state === 'unknown'));
}
