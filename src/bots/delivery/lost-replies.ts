import type { Message } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';

/** Tells the conversations of a reply that was given up, so that staff do not believe it said. Never fails the look. */
export function createLostReplies({ replyLost, log }: Pick<DeliveryDeps, 'replyLost' | 'log'>) {
  return async (ended: Message | null): Promise<void> => {
    if (ended?.kind !== 'reply') return;
    try {
      await replyLost?.(ended);
    } catch (error) {
      log.error('reply.lossUntold', { message: ended.id, error });
    }
  };
}
