import type { Author, PutResult, Stamped } from './author.ts';
import type { ChannelName } from './channel-name.ts';
import type { Locale } from './locale.ts';
import type { Page, PageRequest } from './page.ts';

interface Head {
  readonly name?: string;
  readonly email?: string;
  /** Telegram chat id of the head, who has started the bot. */
  readonly telegram?: string;
}

/** The clinic system's own fields of a branch (spec: api.md, Clinic data). */
export interface BranchBody {
  readonly name: string;
  readonly nameInMessages?: string;
  /** IANA zone; all hours of this branch are meant in it. */
  readonly timezone: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly locale: Locale;
  readonly phone?: string;
  readonly town?: string;
  readonly address?: string;
  readonly website?: string;
  readonly notes?: string;
  readonly head?: Head;
  readonly reviewSites: readonly { readonly site: string; readonly url: string }[];
  readonly channels: readonly ChannelName[];
  readonly consentRequired: boolean;
  readonly bookingUrl?: string;
  readonly staffChat?: string;
  readonly senders?: { readonly sms?: string; readonly emailName?: string; readonly replyTo?: string };
}

export interface Branch extends BranchBody, Stamped {
  /** When free slots were first given for this branch; booking in chat is possible from then on. */
  readonly slotsGivenAt?: Date;
}

export interface BranchStore {
  put(id: string, body: BranchBody, at: Date, by: Author): Promise<PutResult<Branch>>;
  get(id: string): Promise<Branch | null>;
  list(page: PageRequest): Promise<Page<Branch>>;
  /** Every branch, by id; clinics have few. */
  all(): Promise<readonly Branch[]>;
}
