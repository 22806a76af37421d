const SECOND_MS = 1000;

/** How many messages the bot may send: in all, and to one group. A group's is told in other measures where a test cannot wait for a minute. */
export class BotApiLimits {
  perSecond = 30;
  toGroup = { messages: 20, withinMs: 60_000 };
  readonly #all: number[] = [];
  readonly #groups = new Map<number, number[]>();

  /** Counts a message to this chat; gives the whole seconds to wait when it is one too many, else 0. */
  take(chat: number, nowMs: number): number {
    const group = chat < 0 ? (this.#groups.get(chat) ?? []) : null;
    if (group !== null) this.#groups.set(chat, group);
    const waitMs = Math.max(
      wait(this.#all, this.perSecond, SECOND_MS, nowMs),
      group === null ? 0 : wait(group, this.toGroup.messages, this.toGroup.withinMs, nowMs),
    );
    if (waitMs > 0) return Math.ceil(waitMs / SECOND_MS);
    this.#all.push(nowMs);
    group?.push(nowMs);
    return 0;
  }
}

/** Milliseconds until one more would be within the limit of any stretch of that length. */
function wait(stamps: number[], most: number, withinMs: number, nowMs: number): number {
  while (stamps.length > 0 && (stamps[0] ?? nowMs) <= nowMs - withinMs) stamps.shift();
  return stamps.length < most ? 0 : (stamps[0] ?? nowMs) + withinMs - nowMs;
}
