import type { ChannelEvents } from '../../core/channel.ts';
import type { Clock, NewId } from '../../core/clock.ts';
import type { Sentence } from '../../core/content.ts';
import type { Hook, HookAnswer } from '../../core/hook.ts';
import type { Locale } from '../../core/locale.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { UnsubscribeTokens } from './unsubscribe-token.ts';

/** The word that the conversations take for STOP, whatever the language. */
const STOP = 'stop';

/**
 * `/hooks/email`: the link of a mail. A GET only asks, for previews and scanners follow links (spec: conversations.md); a POST,
 * by the page's button or by the mail program at one click (RFC 8058), takes the address off.
 */
export function createUnsubscribeHook(parts: {
  tokens: UnsubscribeTokens;
  events: () => ChannelEvents;
  clock: Clock;
  newId: NewId;
  sentence: Sentence;
}): Hook {
  const { tokens, clock, newId, sentence } = parts;

  const page = (locale: Locale, body: string): HookAnswer => ({
    status: 200,
    type: 'text/html; charset=utf-8',
    body: htmlPage({ locale, title: sentence('bots.email.unsubscribe.title', locale), body }),
  });

  return async ({ method, query }) => {
    const token = query['u'];
    const who = typeof token === 'string' ? tokens.read(token) : null;
    if (who === null) return { status: 401 };
    const say = (key: 'ask' | 'button' | 'done'): string =>
      escapeHtml(sentence(`bots.email.unsubscribe.${key}`, who.locale));
    if (method === 'GET')
      return page(
        who.locale,
        `<p>${say('ask')}</p>\n<form method="post"><button type="submit">${say('button')}</button></form>`,
      );
    await parts.events().received({
      // Each click counts, for a START may lie between two; a STOP more changes nothing.
      id: `unsubscribe:${newId()}`,
      from: { channel: 'email', address: who.address },
      at: clock.now(),
      body: { kind: 'text', text: STOP },
    });
    return page(who.locale, `<p>${say('done')}</p>`);
  };
}
