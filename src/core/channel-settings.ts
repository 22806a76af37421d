import type { ChannelPace } from './channel.ts';

/** Telegram by a bot. With a webhook the platform calls us; without, we ask it (long polling). */
export interface TelegramSettings {
  readonly token: string;
  /** `https://api.telegram.org` unless a local Bot API server is used. */
  readonly apiRoot: string;
  readonly webhook: { readonly url: string; readonly secret: string } | null;
}

/** WhatsApp through a linked phone (whatsapp-web.js). */
export interface WhatsappWebSettings {
  readonly chromiumPath: string;
  /** Where the linked session is kept. */
  readonly sessionDir: string;
  /** The clinic's own number as `+` and digits: it is linked by a code to type in; null: by a QR code. */
  readonly pairWith: string | null;
  /** Choices that fit are a poll in place of numbered lines. */
  readonly polls: boolean;
  /** Another page in place of web.whatsapp.com: for tests only. */
  readonly page?: { readonly version: string; readonly url: string };
  /** Another rhythm than the careful one: for tests only. */
  readonly pace?: ChannelPace;
  readonly chromiumArgs?: readonly string[];
}

/** WhatsApp by Meta's Cloud API. */
export interface WhatsappCloudSettings {
  readonly token: string;
  readonly phoneId: string;
  readonly accountId: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  /** Host and version, such as `https://graph.facebook.com/v23.0`. */
  readonly apiRoot: string;
}

/** SMS and voice by Twilio's HTTP API. */
export interface TwilioSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** E.164 number of ours. */
  readonly from: string;
  readonly apiRoot: string;
  /** Null: Twilio cannot call us, so no receipts and no answers come. */
  readonly publicUrl: string | null;
}

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password. */
  readonly smtpUrl: string;
  /** An address, or `Name <address>`. */
  readonly from: string;
  /** Null: mails carry no link of ours to unsubscribe, only the clinic's address. */
  readonly publicUrl: string | null;
}

/** What is set up; null is off. */
export interface ChannelSettings {
  readonly telegram: TelegramSettings | null;
  readonly whatsappWeb: WhatsappWebSettings | null;
  readonly whatsappCloud: WhatsappCloudSettings | null;
  readonly twilio: TwilioSettings | null;
  readonly mail: MailSettings | null;
}
