import type { OutgoingMessage } from '../../core/channel.ts';
import { isSmsSender } from '../../core/sms-sender.ts';
import { smsText } from '../../core/sms-text.ts';

/** What is written from where: the branch's name or number where it is one that networks take (nobody can answer a name), else our number. */
export interface SmsForm {
  readonly body: string;
  /** The first to be tried; a second follows where a country knows no names. */
  readonly senders: readonly string[];
}

/** A wrong name is left out rather than refused: the reminder matters more. */
export function renderSms({ text, sender }: Pick<OutgoingMessage, 'text' | 'sender'>, number: string): SmsForm {
  const name = sender.sms?.trim();
  const named = name !== undefined && isSmsSender(name);
  return { body: smsText(text), senders: named ? [name, number] : [number] };
}
