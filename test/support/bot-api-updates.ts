/** An update on its way to the bot. */
export interface BotApiUpdate {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

/** An answer of the webhook; 0: it could not be reached. */
export interface WebhookDelivery {
  readonly update: number;
  readonly status: number;
}

interface Webhook {
  readonly url: string;
  readonly secret?: string;
}

interface Waiting {
  end(answer: 'conflict' | 'something' | 'nothing'): void;
}

const FIRST_UPDATE = 700_000_001;
const REDELIVER_MS = 40;

/**
 * The updates that the bot has not confirmed yet: given by `getUpdates` (the offset confirms) or brought to the webhook, one at a
 * time for each chat, again and again until it answers with 2xx, as the Bot API does.
 */
export class BotApiUpdates {
  readonly deliveries: WebhookDelivery[] = [];
  webhook: Webhook | null = null;
  #open: { readonly update: BotApiUpdate; readonly lane: string; readonly taken: () => void }[] = [];
  #next = FIRST_UPDATE;
  #waiting: Waiting | null = null;
  #busy = new Set<string>();
  #closed = false;

  /** Resolves when the bot has confirmed it. */
  push(lane: string, content: Readonly<Record<string, unknown>>, id = this.#next): Promise<void> {
    this.#next = Math.max(this.#next, id + 1);
    return new Promise((taken) => {
      this.#open.push({ update: { update_id: id, ...content }, lane, taken });
      this.#waiting?.end('something');
      this.bring();
    });
  }

  pending(): number {
    return this.#open.length;
  }

  /** Long polling: a second poll ends the first with a conflict. */
  async poll(
    offset: number,
    limit: number,
    timeoutMs: number,
    gone: AbortSignal,
  ): Promise<readonly BotApiUpdate[] | 'conflict'> {
    this.#waiting?.end('conflict');
    this.#confirm((update) => update.update_id < offset);
    if (this.#open.length === 0 && timeoutMs > 0) {
      const answer = await this.#wait(timeoutMs, gone);
      if (answer === 'conflict') return 'conflict';
    }
    return this.#open.slice(0, limit).map(({ update }) => update);
  }

  /** Starts what may be brought to the webhook now. */
  bring(): void {
    const { webhook } = this;
    if (webhook === null || this.#closed) return;
    for (const { update, lane } of this.#open) {
      if (this.#busy.has(lane)) continue;
      this.#busy.add(lane);
      void this.#bringOne(webhook, update, lane);
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.end('nothing');
  }

  async #bringOne({ url, secret }: Webhook, update: BotApiUpdate, lane: string): Promise<void> {
    const status = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
      },
      body: JSON.stringify(update),
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    this.deliveries.push({ update: update.update_id, status });
    if (status >= 200 && status < 300) this.#confirm(({ update_id }) => update_id === update.update_id);
    else
      await new Promise((resolve) => {
        setTimeout(resolve, REDELIVER_MS);
      });
    this.#busy.delete(lane);
    this.bring();
  }

  #wait(timeoutMs: number, gone: AbortSignal): Promise<'conflict' | 'something' | 'nothing'> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        end: (answer) => {
          clearTimeout(timer);
          if (this.#waiting === waiting) this.#waiting = null;
          resolve(answer);
        },
      };
      const timer = setTimeout(() => waiting.end('nothing'), timeoutMs);
      gone.addEventListener('abort', () => waiting.end('nothing'), { once: true });
      this.#waiting = waiting;
    });
  }

  #confirm(isDone: (update: BotApiUpdate) => boolean): void {
    const done = this.#open.filter(({ update }) => isDone(update));
    this.#open = this.#open.filter(({ update }) => !isDone(update));
    for (const { taken } of done) taken();
  }
}
