import type { ChannelName } from '../../core/channel-name.ts';
import type { Clock, NewId } from '../../core/clock.ts';
import type { Render } from '../../core/content.ts';
import type { Log } from '../../core/log.ts';
import type { Sender } from '../../core/message.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { Stores } from '../../core/stores.ts';

/** The stores that conversations read or write. */
export type ConversationStores = Pick<
  Stores,
  | 'appointments'
  | 'branches'
  | 'changes'
  | 'conversations'
  | 'doctors'
  | 'identities'
  | 'inbound'
  | 'linkTokens'
  | 'outbox'
  | 'patients'
  | 'refusals'
  | 'services'
  | 'slots'
  | 'staff'
  | 'surveys'
  | 'switches'
  | 'tasks'
>;

/** What the engine is made of. */
export interface EngineDeps {
  readonly stores: ConversationStores;
  readonly sender: Pick<Sender, 'enqueue'>;
  /** For the titles of choices as the patient saw them. */
  readonly render: Render;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'reading'>;
  /** The form in which a linking token is stored; the one given to the patient is never kept. */
  readonly staffHash: (token: string) => string;
  /** Whether a channel shows choices as numbered lines and not as buttons. Default: sms and email do. */
  readonly showsNumbers?: (channel: ChannelName) => boolean;
  /** Whether there is such a channel at all, up or down. Default: yes. */
  readonly hasChannel?: (channel: ChannelName) => boolean;
  /** Named crash points, for tests. */
  readonly crash?: (point: string) => void;
}
