import type {
  Channel,
  ChannelAbilities,
  ChannelEvents,
  ChannelPace,
  OutgoingMessage,
  SendResult,
} from '../../core/channel.ts';
import type { WhatsappCloudSettings } from '../../core/channel-settings.ts';
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import type { Sentence } from '../../core/content.ts';
import type { Hook } from '../../core/hook.ts';
import { createBreaker } from '../breaker.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createAttempts, STATUS_WITHIN_MS } from './attempts.ts';
import { actionFor } from './error-actions.ts';
import { createGraph, type Graph, type GraphAnswer } from './graph.ts';
import { createCloudHook } from './hook.ts';
import { entriesOf, fieldOf, wordsOf } from './json-shape.ts';
import { messageKey } from './message-key.ts';
import { createPeople, type Recipient, recipientOf } from './people.ts';
import { MAX_BUTTONS, MAX_ROWS, renderFreeForm } from './render.ts';
import { createStanding } from './standing.ts';
import { readTemplates } from './templates/account-templates.ts';
import { createTemplates } from './templates.ts';

const CAN = {
  buttons: MAX_BUTTONS,
  list: MAX_ROWS,
  freeFormWindowHours: 24,
  receipts: 'read',
} as const satisfies ChannelAbilities;
const PACE: ChannelPace = { perSecond: 80, perChatMs: 0 };
const WINDOW_MS = CAN.freeFormWindowHours * HOUR_MS;
/** Two calls, for the window may turn out to be closed, have to end well within delivery's patience. */
const TIMEOUT_MS = 15_000;
const LOOK_MS = MINUTE_MS;
const TEMPLATES_EVERY_MS = HOUR_MS;
/** Who is locked out asks no more often than this. */
const DOWN_EVERY_MS = 5 * MINUTE_MS;
const UNREACHABLE = 'unreachable';
const NOT_SENT = { leastMs: 5000, mostMs: 5 * MINUTE_MS } as const;
const PAIR_LEAST_MS = 6000;
const PAIR_SPREAD_MS = 4000;

export interface WhatsappCloudDeps extends ChannelDeps {
  readonly sentence: Sentence;
  /** How long one call may take; 15 s unless a test is in a hurry. */
  readonly timeoutMs?: number;
}

/** WhatsApp by Meta's Cloud API. Free-form inside the 24-hour window, the approved template of the same key outside it. */
export function createWhatsappCloud(
  settings: WhatsappCloudSettings,
  deps: WhatsappCloudDeps,
): { readonly channel: Channel; readonly hook: Hook } {
  const { clock, wall, log, sentence } = deps;
  const standing = createStanding({ clock, wall });
  const attempts = createAttempts({ memory: deps.memory, wall });
  const templates = createTemplates(sentence);
  const breaker = createBreaker({ wall, chance: deps.chance });
  let graph: Graph | null = null;
  let events: ChannelEvents | null = null;
  let stopLooking = (): void => undefined;
  let lookedAtMs = 0;
  let usableBefore = -1;
  let looking: Promise<void> = Promise.resolve();

  const fall = (why: string): void => {
    if (standing.health().detail !== why) log.error('whatsapp.down', { why });
    standing.down(why);
  };

  /** Fetches the templates, which shows too whether Meta lets us in. */
  const look = async (): Promise<void> => {
    if (graph === null) return;
    lookedAtMs = wall.nowMs();
    const found = await readTemplates(graph, settings.accountId);
    if (!standing.isStarted()) return;
    if ('kind' in found) {
      const action = found.kind === 'error' ? actionFor(found.code) : null;
      if (action?.do === 'down') fall(action.reason);
      else if (!standing.isUp()) fall(UNREACHABLE);
      log.warn('whatsapp.templatesNotRead', { answer: found.kind });
      return;
    }
    const { usable, of } = templates.keep(found);
    if (usable < of && usable !== usableBefore) log.warn('whatsapp.templatesMissing', { usable, of });
    usableBefore = usable;
    standing.up();
  };
  const lookAgain = (): void => {
    const { state, detail } = standing.health();
    const downEveryMs = detail === UNREACHABLE ? LOOK_MS : DOWN_EVERY_MS;
    const everyMs = state === 'down' ? downEveryMs : TEMPLATES_EVERY_MS;
    if (wall.nowMs() - lookedAtMs >= everyMs) looking = look();
  };

  const post = async (
    to: Graph,
    message: OutgoingMessage,
    recipient: Recipient,
    payload: object,
  ): Promise<GraphAnswer> => {
    const answer = await to.post(`/${settings.phoneId}/messages`, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...recipient,
      biz_opaque_callback_data: message.attemptId,
      ...payload,
    });
    if (answer.kind === 'unknown') breaker.failed();
    else if (answer.kind === 'notSent') breaker.idle();
    else breaker.answered();
    return answer;
  };

  const conclude = async ({ attemptId }: OutgoingMessage, answer: GraphAnswer): Promise<SendResult> => {
    switch (answer.kind) {
      case 'ok': {
        const wamid = wordsOf(fieldOf(entriesOf(fieldOf(answer.json, 'messages'))[0], 'id'));
        if (wamid === null) return unknown(attemptId);
        const providerId = messageKey(wamid);
        standing.went();
        attempts.answered(attemptId, providerId);
        return { kind: 'sent', providerId };
      }
      case 'notSent':
        return { kind: 'retry', afterMs: standing.pauseMs(NOT_SENT.leastMs, NOT_SENT.mostMs), reason: UNREACHABLE };
      case 'unknown':
        return unknown(attemptId);
      case 'error':
        return refusal(answer);
      default:
        return answer satisfies never;
    }
  };

  const unknown = async (attemptId: string): Promise<SendResult> => {
    await attempts.lost(attemptId);
    return { kind: 'unknown', askAfterMs: STATUS_WITHIN_MS };
  };

  const refusal = ({ code, retryAfterMs }: Extract<GraphAnswer, { kind: 'error' }>): SendResult => {
    if (code < 0) return { kind: 'retry', afterMs: MINUTE_MS, reason: 'refusedWithoutCode' };
    const action = actionFor(code);
    if (action === null) {
      log.warn('whatsapp.unknownError', { code });
      return { kind: 'refused', reason: `error${code}` };
    }
    switch (action.do) {
      case 'wait': {
        const afterMs = retryAfterMs ?? standing.pauseMs(action.leastMs, action.mostMs);
        standing.limited(afterMs);
        return { kind: 'retry', afterMs, reason: action.reason };
      }
      case 'waitForChat': {
        const afterMs = retryAfterMs ?? PAIR_LEAST_MS + Math.floor(deps.chance() * PAIR_SPREAD_MS);
        return { kind: 'retry', afterMs, reason: action.reason, only: 'message' };
      }
      case 'template':
        return { kind: 'refused', reason: action.reason };
      case 'refuse':
        return { kind: 'refused', reason: action.reason, ...(action.closes && { closes: true }) };
      case 'down':
        lookedAtMs = wall.nowMs();
        fall(action.reason);
        return { kind: 'retry', afterMs: DOWN_EVERY_MS, reason: action.reason };
      default:
        return action satisfies never;
    }
  };

  const send = async (message: OutgoingMessage): Promise<SendResult> => {
    const to = graph;
    if (to === null) return { kind: 'retry', afterMs: MINUTE_MS, reason: 'notConnected' };
    const recipient = recipientOf(message.to);
    if (recipient === null) return { kind: 'refused', reason: 'invalidAddress' };
    const waitMs = breaker.waitMs();
    if (waitMs > 0) {
      standing.limited(waitMs);
      return { kind: 'retry', afterMs: waitMs, reason: 'unavailable' };
    }
    const { lastInboundAt, text } = message;
    if (lastInboundAt !== null && clock.now().getTime() - lastInboundAt.getTime() < WINDOW_MS) {
      const choose = sentence('scenarios.template.choose', text.locale);
      const answer = await post(to, message, recipient, renderFreeForm(message, { choose }));
      // Meta's clock counts: closed after all, so the template goes at once.
      if (answer.kind !== 'error' || actionFor(answer.code)?.do !== 'template') return conclude(message, answer);
    }
    const templated = templates.of(message);
    if (templated.kind === 'refused') {
      breaker.idle();
      return templated;
    }
    return conclude(message, await post(to, message, recipient, templated.payload));
  };

  const channel: Channel = {
    name: 'whatsapp',
    can: CAN,
    pace: PACE,
    async start(to) {
      events = to;
      graph = createGraph(settings, deps.timeoutMs ?? TIMEOUT_MS);
      standing.started();
      await look();
      stopLooking = deps.every(LOOK_MS, lookAgain);
    },
    async stop() {
      stopLooking();
      standing.stopped();
      events = null;
      const closing = graph;
      graph = null;
      await closing?.close();
      await looking;
    },
    send,
    find: attempts.find,
    health: standing.health,
  };
  const hook = createCloudHook({
    settings,
    deps,
    people: createPeople(deps.memory, deps.taps),
    attempts,
    events: () => events,
    templateTurned(name, language, status) {
      if (!templates.turn(name, language, status)) lookedAtMs = Number.NEGATIVE_INFINITY;
    },
  });
  return { channel, hook };
}
