import type { Api } from 'grammy';
import type { OutgoingMessage } from '../../core/channel.ts';
import { type CallFailure, readFailure } from './call-failure.ts';
import type { Moves } from './moves.ts';
import { type Rendered, topicName } from './render.ts';
import type { Target, Topics } from './topics.ts';

/** How a message fared: `before` says that a failure was met before the message itself was tried. */
export type Posted =
  | { readonly kind: 'posted'; readonly providerId: string }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly before: boolean };

/**
 * One message to a chat, or into its topic of a group of staff. A topic that is gone is opened anew, once; a group that has become
 * a supergroup is followed there, which Telegram says in place of taking the message.
 */
export function createPosting(topics: Topics, moves: Moves) {
  const send = async (api: Api, chat: string, thread: number | null, { text, markup }: Rendered): Promise<Posted> => {
    try {
      const sent: unknown = await api.sendMessage(Number(chat), text, {
        link_preview_options: { is_disabled: true },
        ...(thread !== null && { message_thread_id: thread }),
        ...(markup !== null && { reply_markup: markup }),
      });
      const id = typeof sent === 'object' && sent !== null && 'message_id' in sent ? sent.message_id : null;
      if (typeof id === 'number') return { kind: 'posted', providerId: `${chat}:${id}` };
      return { kind: 'failed', failure: { kind: 'unknown' }, before: false };
    } catch (error) {
      return { kind: 'failed', failure: readFailure(error), before: false };
    }
  };

  const post = async (
    api: Api,
    target: Target,
    chat: string,
    message: Pick<OutgoingMessage, 'text'>,
    rendered: Rendered,
    again: boolean,
  ): Promise<Posted> => {
    const { key } = target;
    if (key === null) return send(api, chat, null, rendered);
    let thread: number | null = null;
    try {
      thread = await topics.threadFor(api, { chat, key }, target.chat, topicName(message.text, key));
    } catch (error) {
      const failure = readFailure(error);
      // A bot without the right to open topics still brings the message to the group, where it is answered by a reply to it.
      if (failure.kind !== 'rejected') return { kind: 'failed', failure, before: true };
    }
    const posted = await send(api, chat, thread, rendered);
    if (posted.kind === 'posted' || posted.failure.kind !== 'topicGone' || !again) return posted;
    await topics.forget({ chat, key });
    return post(api, target, chat, message, rendered, false);
  };

  return async (
    api: Api,
    target: Target,
    message: Pick<OutgoingMessage, 'text'>,
    rendered: Rendered,
  ): Promise<Posted> => {
    const posted = await post(api, target, await moves.now(target.chat), message, rendered, true);
    if (posted.kind === 'posted' || posted.failure.kind !== 'moved') return posted;
    const { to } = posted.failure;
    await moves.moved(target.chat, to);
    return post(api, target, to, message, rendered, true);
  };
}
