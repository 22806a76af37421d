/** The platforms that call us: `/hooks/{name}`. */
export const HOOKS = ['telegram', 'whatsapp', 'twilio', 'email'] as const;
export type HookName = (typeof HOOKS)[number];

/** A call of a platform as it came: nothing read, and nothing parsed, for the signature is over the bytes. */
export interface HookRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query as received, such as `/hooks/twilio?message=1`. */
  readonly url: string;
  /** A name that came twice has several values. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Reads the body: only once the headers may be the platform's. Rejects with `AppError('tooLarge')` beyond `most` bytes (3 MB unless told). */
  body(most?: number): Promise<Uint8Array>;
}

export interface HookAnswer {
  readonly status: number;
  /** Sent as plain text unless `type` says otherwise. */
  readonly body?: string;
  readonly type?: string;
}

/**
 * Checks the signature, as far as it can before the body is read, makes durable what came, answers; handling follows (spec: api.md, hooks). 401 for a bad signature, with
 * nothing parsed; 200 for everything signed, known or not, or the platform repeats it for days; throws when nothing could be stored.
 */
export type Hook = (request: HookRequest) => Promise<HookAnswer>;
