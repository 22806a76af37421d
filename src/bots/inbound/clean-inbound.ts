import { cutText } from '../../core/cut-text.ts';
import type { InboundMessage } from '../../core/inbound.ts';

/** Longest text that is kept of one inbound message, in UTF-16 units. */
const MAX_INBOUND_TEXT = 4096;

const HALVES = /\p{Surrogate}/gu;

/** What is stored of a message: without NULs and half characters, cut at `MAX_INBOUND_TEXT` between two graphemes (spec: reliability.md B5, 10 and 41). */
export function cleanInbound(message: InboundMessage): InboundMessage {
  const { body } = message;
  switch (body.kind) {
    case 'text':
      return { ...message, body: { ...body, text: cutText(plain(body.text), MAX_INBOUND_TEXT) } };
    case 'choice':
      return { ...message, body: { ...body, choice: plain(body.choice).slice(0, 256) } };
    case 'contact':
      return { ...message, body: { ...body, phone: plain(body.phone).slice(0, 64) } };
    case 'media':
      return message;
    default:
      return body satisfies never;
  }
}

function plain(text: string): string {
  return text.replaceAll('\u0000', '').replace(HALVES, '\uFFFD');
}
