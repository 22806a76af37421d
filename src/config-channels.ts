import { join } from 'node:path';
import type { ChannelSettings } from './core/channel-settings.ts';

/** An environment variable as `--help` and the README show it. */
export interface Variable {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  readonly secret?: boolean;
}

/** The variables that switch channels on. */
export const CHANNEL_VARIABLES: readonly Variable[] = [
  {
    name: 'TELEGRAM_BOT_TOKEN',
    default: '(off)',
    meaning: 'switches Telegram on: the token from @BotFather',
    secret: true,
  },
  { name: 'TELEGRAM_API_ROOT', default: 'https://api.telegram.org', meaning: 'another Bot API server' },
  {
    name: 'TELEGRAM_WEBHOOK_SECRET',
    default: '(long polling)',
    meaning: 'Telegram calls us under PUBLIC_URL with this secret; 16 characters or more of A–Z a–z 0–9 _ -',
    secret: true,
  },
  { name: 'WHATSAPP_WEB', default: '(off)', meaning: '`1`: WhatsApp through a linked phone; mind the risk of a ban' },
  { name: 'CHROMIUM_PATH', default: '(found)', meaning: 'the Chromium or Chrome that WHATSAPP_WEB runs' },
  {
    name: 'WHATSAPP_WEB_PHONE',
    default: '(QR code)',
    meaning: 'the clinic’s own WhatsApp number, `+` and digits: WHATSAPP_WEB is linked by a code typed in on the phone',
  },
  {
    name: 'WHATSAPP_WEB_POLLS',
    default: '(numbered lines)',
    meaning: '`1`: WHATSAPP_WEB shows choices as a poll, where they fit into one',
  },
  {
    name: 'WHATSAPP_CLOUD_TOKEN',
    default: '(off)',
    meaning: 'switches Meta’s WhatsApp Cloud API on, together with the four that follow: access token',
    secret: true,
  },
  { name: 'WHATSAPP_CLOUD_PHONE_ID', default: '(none)', meaning: 'id of the sending number' },
  { name: 'WHATSAPP_CLOUD_ACCOUNT_ID', default: '(none)', meaning: 'id of the WhatsApp business account' },
  {
    name: 'WHATSAPP_CLOUD_APP_SECRET',
    default: '(none)',
    meaning: 'the app’s secret, with which webhooks are signed',
    secret: true,
  },
  {
    name: 'WHATSAPP_CLOUD_VERIFY_TOKEN',
    default: '(none)',
    meaning: 'a word of your own that Meta repeats when the webhook is set up',
    secret: true,
  },
  {
    name: 'WHATSAPP_CLOUD_API_ROOT',
    default: 'https://graph.facebook.com/v23.0',
    meaning: 'host and version of the Cloud API',
  },
  {
    name: 'SMTP_URL',
    default: '(off)',
    meaning: 'switches e-mail on, together with MAIL_FROM: `smtps://user:password@host:465`',
    secret: true,
  },
  { name: 'MAIL_FROM', default: '(none)', meaning: 'sender of the mails: an address, or `Name <address>`' },
  {
    name: 'TWILIO_ACCOUNT_SID',
    default: '(off)',
    meaning: 'switches SMS and voice on, together with the two that follow',
  },
  {
    name: 'TWILIO_AUTH_TOKEN',
    default: '(none)',
    meaning: 'the account’s token; webhooks are signed with it',
    secret: true,
  },
  { name: 'TWILIO_FROM', default: '(none)', meaning: 'the sending number, `+` and digits' },
  { name: 'TWILIO_API_ROOT', default: 'https://api.twilio.com', meaning: 'another host of the API' },
];

/** Where Chromium or Chrome usually is. */
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

interface ChannelReading {
  readonly problems: string[];
  readonly web: boolean;
  readonly polls: boolean;
  readonly dataDir: string;
  readonly publicUrl: string | null;
  readonly isFile: (path: string) => boolean;
  /** All variables, for no two secrets may be the same. */
  readonly variables: readonly Variable[];
}

/** The channels that are switched on. A half of a setting is a problem; so is a secret that was cut short or pasted with spaces. */
export function readChannels(
  value: (name: string) => string | undefined,
  { problems, web, polls, dataDir, publicUrl, isFile, variables }: ChannelReading,
): ChannelSettings {
  /** Null when none is set; one problem a missing name otherwise. */
  const together = <N extends string>(...names: readonly N[]): Record<N, string> | null => {
    const set = names.filter((name) => value(name) !== undefined);
    if (set.length === 0) return null;
    for (const name of names)
      if (value(name) === undefined) problems.push(`${name} is missing: it is needed with ${set.join(', ')}`);
    return Object.fromEntries(names.map((name) => [name, value(name) ?? ''])) as Record<N, string>;
  };
  const matches = (name: string, form: RegExp, words: string): void => {
    const text = value(name);
    if (text !== undefined && !form.test(text)) problems.push(`${name} must be ${words}`);
  };
  const address = /^https?:\/\/[^\s/]+(\/\S*)?$/;
  const only = (name: string, needed: string): void => {
    if (value(name) !== undefined && value(needed) === undefined)
      problems.push(`${name} is of no use without ${needed}`);
  };

  const telegram = together('TELEGRAM_BOT_TOKEN');
  matches('TELEGRAM_BOT_TOKEN', /^\d+:[\w-]{10,}$/, 'the token as @BotFather gave it: digits, a colon, letters');
  matches('TELEGRAM_API_ROOT', address, 'an http or https address');
  matches('TELEGRAM_WEBHOOK_SECRET', /^[\w-]{16,256}$/, '16 to 256 characters of A–Z a–z 0–9 _ -');
  only('TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_BOT_TOKEN');
  only('TELEGRAM_API_ROOT', 'TELEGRAM_BOT_TOKEN');
  const secret = value('TELEGRAM_WEBHOOK_SECRET');
  if (secret !== undefined && publicUrl === null)
    problems.push('TELEGRAM_WEBHOOK_SECRET needs PUBLIC_URL, where Telegram calls');

  const cloud = together(
    'WHATSAPP_CLOUD_TOKEN',
    'WHATSAPP_CLOUD_PHONE_ID',
    'WHATSAPP_CLOUD_ACCOUNT_ID',
    'WHATSAPP_CLOUD_APP_SECRET',
    'WHATSAPP_CLOUD_VERIFY_TOKEN',
  );
  matches('WHATSAPP_CLOUD_TOKEN', /^\S{16,}$/, '16 characters or more, without spaces');
  matches('WHATSAPP_CLOUD_PHONE_ID', /^\d+$/, 'digits: the id, not the number');
  matches('WHATSAPP_CLOUD_ACCOUNT_ID', /^\d+$/, 'digits');
  matches('WHATSAPP_CLOUD_APP_SECRET', /^\S{16,}$/, '16 characters or more, without spaces');
  matches('WHATSAPP_CLOUD_VERIFY_TOKEN', /^\S{16,}$/, '16 characters or more, without spaces');
  matches('WHATSAPP_CLOUD_API_ROOT', address, 'an http or https address');
  only('WHATSAPP_CLOUD_API_ROOT', 'WHATSAPP_CLOUD_TOKEN');
  if (web && cloud !== null) problems.push('WHATSAPP_WEB and WHATSAPP_CLOUD_TOKEN are both set: choose one of them');

  const chromiumPath = value('CHROMIUM_PATH') ?? BROWSERS.find(isFile);
  if (web && chromiumPath === undefined)
    problems.push('CHROMIUM_PATH is missing: WHATSAPP_WEB needs a Chromium or Chrome and none was found');
  if (web && chromiumPath !== undefined && !isFile(chromiumPath)) problems.push('CHROMIUM_PATH names no file');

  matches('WHATSAPP_WEB_PHONE', /^\+\d{7,15}$/, 'the number as + and digits');
  only('WHATSAPP_WEB_PHONE', 'WHATSAPP_WEB');
  only('WHATSAPP_WEB_POLLS', 'WHATSAPP_WEB');

  const mail = together('SMTP_URL', 'MAIL_FROM');
  const smtp = value('SMTP_URL');
  if (smtp !== undefined && !isSmtp(smtp))
    problems.push(
      'SMTP_URL must be smtp:// or smtps:// with user, password, host and port; signs such as @ # / in the password are written %40 %23 %2F',
    );
  matches('MAIL_FROM', /^(?:[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'an address, or Name <address>');

  const twilio = together('TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM');
  matches('TWILIO_ACCOUNT_SID', /^AC[0-9a-fA-F]{32}$/, 'AC and 32 hexadecimal digits');
  matches('TWILIO_AUTH_TOKEN', /^\S{16,}$/, '16 characters or more, without spaces');
  matches('TWILIO_FROM', /^\+\d{7,15}$/, 'the number as + and digits');
  matches('TWILIO_API_ROOT', address, 'an http or https address');
  only('TWILIO_API_ROOT', 'TWILIO_ACCOUNT_SID');

  const secrets = variables.filter((variable) => variable.secret === true && value(variable.name) !== undefined);
  for (const [place, { name }] of secrets.entries()) {
    const same = secrets.slice(0, place).find((other) => value(other.name) === value(name));
    if (same !== undefined) problems.push(`${name} must not be the same as ${same.name}`);
  }
  const root = (name: string, preset: string): string => (value(name) ?? preset).replace(/\/+$/, '');
  return {
    telegram: telegram && {
      token: telegram.TELEGRAM_BOT_TOKEN,
      apiRoot: root('TELEGRAM_API_ROOT', 'https://api.telegram.org'),
      webhook: secret === undefined ? null : { url: `${publicUrl ?? ''}/hooks/telegram`, secret },
    },
    whatsappWeb: web
      ? {
          chromiumPath: chromiumPath ?? '',
          sessionDir: join(dataDir, 'whatsapp-web'),
          pairWith: value('WHATSAPP_WEB_PHONE') ?? null,
          polls,
        }
      : null,
    whatsappCloud: cloud && {
      token: cloud.WHATSAPP_CLOUD_TOKEN,
      phoneId: cloud.WHATSAPP_CLOUD_PHONE_ID,
      accountId: cloud.WHATSAPP_CLOUD_ACCOUNT_ID,
      appSecret: cloud.WHATSAPP_CLOUD_APP_SECRET,
      verifyToken: cloud.WHATSAPP_CLOUD_VERIFY_TOKEN,
      apiRoot: root('WHATSAPP_CLOUD_API_ROOT', 'https://graph.facebook.com/v23.0'),
    },
    twilio: twilio && {
      accountSid: twilio.TWILIO_ACCOUNT_SID,
      authToken: twilio.TWILIO_AUTH_TOKEN,
      from: twilio.TWILIO_FROM,
      apiRoot: root('TWILIO_API_ROOT', 'https://api.twilio.com'),
      publicUrl,
    },
    mail: mail && { smtpUrl: mail.SMTP_URL, from: mail.MAIL_FROM, publicUrl },
  };
}

/** A `#` or `/` in a password that is not encoded ends the host before it began. */
function isSmtp(text: string): boolean {
  return /^smtps?:\/\/\S+$/.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}

/** The channels' lines of `npm run config`. */
export function channelRows({
  telegram,
  whatsappWeb,
  whatsappCloud,
  twilio,
  mail,
}: ChannelSettings): readonly (readonly [string, string])[] {
  const row = (name: string, text: string | undefined): readonly [string, string] => [name, text ?? '(off)'];
  const hidden = (settings: object | null): string | undefined => (settings === null ? undefined : '***');
  return [
    row('TELEGRAM_BOT_TOKEN', hidden(telegram)),
    row('TELEGRAM_API_ROOT', telegram?.apiRoot),
    row('TELEGRAM_WEBHOOK_SECRET', telegram === null ? undefined : (hidden(telegram.webhook) ?? '(long polling)')),
    row('WHATSAPP_WEB', whatsappWeb === null ? undefined : '1'),
    row('CHROMIUM_PATH', whatsappWeb?.chromiumPath),
    row('WHATSAPP_WEB_PHONE', whatsappWeb === null ? undefined : whatsappWeb.pairWith === null ? '(QR code)' : '***'),
    row('WHATSAPP_WEB_POLLS', whatsappWeb === null ? undefined : whatsappWeb.polls ? '1' : '(numbered lines)'),
    row('WHATSAPP_CLOUD_TOKEN', hidden(whatsappCloud)),
    row('WHATSAPP_CLOUD_PHONE_ID', whatsappCloud?.phoneId),
    row('WHATSAPP_CLOUD_ACCOUNT_ID', whatsappCloud?.accountId),
    row('WHATSAPP_CLOUD_APP_SECRET', hidden(whatsappCloud)),
    row('WHATSAPP_CLOUD_VERIFY_TOKEN', hidden(whatsappCloud)),
    row('WHATSAPP_CLOUD_API_ROOT', whatsappCloud?.apiRoot),
    row('SMTP_URL', hidden(mail)),
    row('MAIL_FROM', mail?.from),
    row('TWILIO_ACCOUNT_SID', twilio?.accountSid),
    row('TWILIO_AUTH_TOKEN', hidden(twilio)),
    row('TWILIO_FROM', twilio?.from),
    row('TWILIO_API_ROOT', twilio?.apiRoot),
  ];
}
