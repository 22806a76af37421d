import { createHmac } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

/** Signs as Meta does, over the bytes. */
export function metaSignature(body: string | Uint8Array, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/** Meta's calls to us: signed over the bytes, repeated until they are taken. */
export interface CloudWebhooks {
  /** Where they go; until then they wait. */
  connect(url: string): void;
  message(message: Json, contact: Json): void;
  statuses(statuses: readonly Json[]): void;
  template(value: Json): void;
  /** Sends any body, signed, and resolves with the status of the answer. */
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** Every webhook goes out so many times at once. */
  copies(count: number): void;
  /** What was held goes out newest first: `read` before `sent`. */
  backwards(isOn: boolean): void;
  /** Nothing goes out while it is on; what waits goes when it ends. */
  hold(isOn: boolean): void;
  /** Tells the newest once more. */
  repeatLast(): void;
  /** What waits is never told. */
  forget(): void;
  /** Answers so far, in order. */
  readonly answers: readonly number[];
  /** Resolves when nothing waits to be taken. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const AGAIN_MS = 100;

/** In life the repeats grow apart up to seven days; here they follow at once. */
export function createCloudWebhooks(ours: {
  readonly accountId: string;
  readonly phoneId: string;
  readonly appSecret: string;
}): CloudWebhooks {
  const answers: number[] = [];
  const waiting: string[] = [];
  let tail = Promise.resolve();
  let url: string | null = null;
  let last: string | null = null;
  let copies = 1;
  let isBackwards = false;
  let isHeld = false;
  let isStopped = false;

  const post = async (body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
    const answer = await fetch(url ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': metaSignature(body, ours.appSecret),
        ...headers,
      },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  };

  const untilTaken = async (body: string): Promise<void> => {
    while (!isStopped) {
      const status = await post(body).catch(() => 0);
      answers.push(status);
      if (status >= 200 && status < 300) return;
      await new Promise((resolve) => {
        setTimeout(resolve, AGAIN_MS);
      });
    }
  };

  /** One after the other, so that a chat stays in its order; the copies of one go at once. */
  const go = (): void => {
    if (url === null || isHeld) return;
    const bodies = isBackwards ? waiting.splice(0).reverse() : waiting.splice(0);
    for (const body of bodies)
      tail = tail.then(async () => {
        await Promise.all(Array.from({ length: copies }, () => untilTaken(body)));
      });
  };

  const tell = (field: string, value: Json): void => {
    const entry = [{ id: ours.accountId, changes: [{ value, field }] }];
    last = JSON.stringify({ object: 'whatsapp_business_account', entry });
    waiting.push(last);
    go();
  };
  const news = (value: Json): void =>
    tell('messages', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550783881', phone_number_id: ours.phoneId },
      ...value,
    });

  return {
    connect(to) {
      url = to;
      go();
    },
    message: (message, contact) => news({ contacts: [contact], messages: [message] }),
    statuses(statuses) {
      for (const status of statuses) news({ statuses: [status] });
    },
    template: (value) => tell('message_template_status_update', value),
    post,
    copies(count) {
      copies = count;
    },
    backwards(isOn) {
      isBackwards = isOn;
    },
    hold(isOn) {
      isHeld = isOn;
      go();
    },
    repeatLast() {
      if (last !== null) waiting.push(last);
      go();
    },
    forget: () => void waiting.splice(0),
    answers,
    async idle() {
      for (let seen: unknown = null; seen !== tail; ) {
        seen = tail;
        await tail;
      }
    },
    async stop() {
      isStopped = true;
      await tail;
    },
  };
}
