import type { OutgoingMessage } from '../../core/channel.ts';
import { smsText } from '../../core/sms-text.ts';

const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/;

/** What is written from where: the branch's name where it is one that networks take (nobody can answer it), else our number. */
export interface SmsForm {
  readonly body: string;
  /** The first to be tried; a second follows where a country knows no names. */
  readonly senders: readonly string[];
}

/** A wrong name is left out rather than refused: the reminder matters more. */
export function renderSms({ text, sender }: Pick<OutgoingMessage, 'text' | 'sender'>, number: string): SmsForm {
  const name = sender.sms?.trim();
  const named = name !== undefined && SENDER_NAME.test(name);
  return { body: smsText(text), senders: named ? [name, number] : [number] };
}
