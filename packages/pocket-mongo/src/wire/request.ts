import type { Doc } from '../values/value.ts';

/** A command as it came from a client. */
export interface Request {
  readonly requestId: number;
  readonly command: Doc;
  /** False for an unacknowledged write, which gets no reply. */
  readonly wantsReply: boolean;
  /** In what form the reply goes: OP_REPLY answers the old handshake only. */
  readonly form: 'message' | 'reply';
}
