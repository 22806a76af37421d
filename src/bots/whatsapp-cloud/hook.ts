import type { ChannelEvents, Receipt } from '../../core/channel.ts';
import type { WhatsappCloudSettings } from '../../core/channel-settings.ts';
import type { Hook, HookAnswer, HookRequest } from '../../core/hook.ts';
import type { InboundBody } from '../../core/inbound.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createLanes } from '../lanes.ts';
import type { Attempts } from './attempts.ts';
import { failureOf } from './error-actions.ts';
import { readJson } from './json-shape.ts';
import { momentOf } from './moment.ts';
import { type CloudEvent, parseWebhook } from './parse.ts';
import type { People } from './people.ts';
import { isSameSecret, isSignature, isSigned } from './signature.ts';

type Message = Extract<CloudEvent, { kind: 'message' }>;
type Status = Extract<CloudEvent, { kind: 'status' }>;

export interface CloudHookParts {
  readonly settings: WhatsappCloudSettings;
  readonly deps: Pick<ChannelDeps, 'clock' | 'wall' | 'taps' | 'log'>;
  readonly people: People;
  readonly attempts: Attempts;
  /** Null while the channel is not started: then Meta is asked to come again. */
  readonly events: () => ChannelEvents | null;
  readonly templateTurned: (name: string, language: string, status: string) => void;
}

/** Meta's calls: the handshake by GET, signed news by POST. All of a body is stored before it is answered; what cannot be stored rejects. */
export function createCloudHook(parts: CloudHookParts): Hook {
  const { settings, deps } = parts;
  return async (request) => {
    if (request.method === 'GET') return shakeHands(request, settings.verifyToken);
    const signature = request.headers['x-hub-signature-256'];
    const body = isSignature(signature) ? await request.body() : null;
    if (body === null || !isSigned(body, signature, settings.appSecret)) {
      deps.log.warn('whatsapp.badSignature');
      return { status: 401 };
    }
    const events = parts.events();
    if (events === null) throw new Error('The WhatsApp channel is not started.');
    parts.attempts.reached();
    const told = parseWebhook(readJson(new TextDecoder().decode(body)), settings);
    await takeAll(told, (event) => take(event, parts, events));
    const ignored = told.flatMap((event) => (event.kind === 'ignored' ? [event.why] : []));
    if (ignored.length > 0) deps.log.warn('whatsapp.ignored', { counts: countsOf(ignored) });
    return { status: 200 };
  };
}

function shakeHands({ query }: HookRequest, verifyToken: string): HookAnswer {
  const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
  if (typeof token !== 'string' || typeof challenge !== 'string' || mode !== 'subscribe') return { status: 400 };
  if (!isSameSecret(token, verifyToken)) return { status: 403 };
  return { status: 200, body: challenge, type: 'text/plain' };
}

/** In order for one sender and for one message of ours, side by side otherwise. Waits for all of them before it fails. */
async function takeAll(told: readonly CloudEvent[], one: (event: CloudEvent) => Promise<void>): Promise<void> {
  const lanes = createLanes();
  const outcomes = await Promise.allSettled(told.map((event) => lanes.run(laneOf(event), () => one(event))));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason as Error;
}

function laneOf(event: CloudEvent): string {
  switch (event.kind) {
    case 'message':
    case 'numberLeft':
      return event.sender.userId ?? event.sender.phone ?? '';
    case 'status':
      return event.providerId;
    case 'template':
    case 'ignored':
      return event.kind;
    default:
      return event satisfies never;
  }
}

async function take(event: CloudEvent, parts: CloudHookParts, events: ChannelEvents): Promise<void> {
  switch (event.kind) {
    case 'message':
      return receive(event, parts, events);
    case 'status':
      return receipt(event, parts, events);
    case 'template':
      return parts.templateTurned(event.name, event.language, event.status);
    case 'numberLeft':
      return events.closed(await parts.people.left(event.sender));
    case 'ignored':
      return;
    default:
      return event satisfies never;
  }
}

async function receive(message: Message, { deps, people }: CloudHookParts, events: ChannelEvents): Promise<void> {
  const from = await people.chatOf(message.sender, message.quote);
  const at = momentOf(message.atSeconds, deps);
  await events.received({ id: message.id, from, at, body: await bodyOf(message, from, deps.taps) });
}

async function bodyOf(
  { said, quote }: Message,
  from: Parameters<ChannelDeps['taps']['read']>[1],
  taps: ChannelDeps['taps'],
): Promise<InboundBody> {
  switch (said.kind) {
    case 'text': {
      const quoted = quote === null ? null : await taps.messageOf('whatsapp', quote);
      return { kind: 'text', text: said.text, ...(quoted !== null && { quote: quoted }) };
    }
    case 'tap':
      return taps.read(said.token, from);
    case 'media':
      return said;
    default:
      return said satisfies never;
  }
}

async function receipt(status: Status, { deps, attempts }: CloudHookParts, events: ChannelEvents): Promise<void> {
  const { providerId, attemptId } = status;
  if (attemptId !== null) await attempts.told(attemptId, providerId);
  const about = {
    channel: 'whatsapp',
    providerId,
    ...(attemptId !== null && { attemptId }),
    at: momentOf(status.atSeconds, deps),
  } as const;
  const outcome: Receipt =
    status.status === 'failed'
      ? { ...about, status: 'failed', ...failureOf(status.code) }
      : { ...about, status: status.status };
  await events.receipt(outcome);
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
