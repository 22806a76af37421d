import { createHash } from 'node:crypto';
import type { ChannelEvents } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
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
  sentence: Sentence;
}): Hook {
  const { tokens, clock, sentence } = parts;

  const page = (locale: Locale, body: string): HookAnswer => ({
    status: 200,
    type: 'text/html; charset=utf-8',
    body: htmlPage({ locale, title: sentence('bots.email.unsubscribe.title', locale), body }),
  });

  return async ({ method, query }) => {
    const token = query['u'];
    const who = typeof token === 'string' ? tokens.read(token) : null;
    if (who === null || typeof token !== 'string') return { status: 401 };
    const say = (key: 'ask' | 'button' | 'done'): string =>
      escapeHtml(sentence(`bots.email.unsubscribe.${key}`, who.locale));
    if (method === 'GET')
      return page(
        who.locale,
        `<p>${say('ask')}</p>\n<form method="post"><button type="submit">${say('button')}</button></form>`,
      );
    const now = clock.now();
    const short = createHash('sha256').update(token).digest('base64url').slice(0, 22);
    await parts.events().received({
      id: `unsubscribe:${short}:${now.toISOString().slice(0, 10)}`,
      from: { channel: 'email', address: who.address },
      at: now,
      body: { kind: 'text', text: STOP },
    });
    return page(who.locale, `<p>${say('done')}</p>`);
  };
}
