import type { OutgoingMessage } from '../../src/core/channel.ts';

/** A message as delivery hands it to a channel: details of a visit, to somebody who wrote a minute before 09:00 of 2 March 2026. */
export function outgoing(change: Partial<OutgoingMessage> & Pick<OutgoingMessage, 'to'>): OutgoingMessage {
  return {
    attemptId: 'a-1',
    messageId: 'm-1',
    text: { key: 'scenarios.details', locale: 'en', text: 'See you at 12:00', choices: [] },
    kind: 'scenario',
    content: { key: 'scenarios.details', values: {} },
    lastInboundAt: new Date('2026-03-02T08:59:00Z'),
    sender: {},
    ...change,
  };
}
