import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { readSmtpFailure, type SmtpFailure } from './smtp-error.ts';

/** Kept connections to one SMTP server. */
export interface MailTransport {
  /** Null: accepted. Never rejects. */
  send(mail: SendMailOptions & { readonly messageId: string }): Promise<SmtpFailure | null>;
  /** Whether the server lets us in; null: it does. Never rejects. */
  check(): Promise<SmtpFailure | null>;
  close(): void;
}

export interface MailTimes {
  /** Connecting, its greeting, and each silence of the server. */
  readonly silenceMs: number;
  /** A whole mail, slow drips included; below delivery's deadline for an answer (45 s). */
  readonly timeoutMs: number;
}

const CONNECTIONS = 3;
/** Hosts to which a password and a patient's name may travel without TLS. */
const OWN_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * A pool of nodemailer's. TLS is required, by STARTTLS at least, unless the server is this machine or the URL says
 * `?requireTLS=false`. A mail is made once more over a fresh connection only if not a byte of it was read.
 */
export function createMailTransport(smtpUrl: string, { silenceMs, timeoutMs }: MailTimes): MailTransport {
  const options = {
    pool: true as const,
    url: smtpUrl,
    maxConnections: CONNECTIONS,
    // A connection that the server closed while it was idle; see `readableDidRead` below.
    maxRequeues: 1,
    requireTLS: smtpUrl.startsWith('smtp:') && !OWN_HOST.test(new URL(smtpUrl).hostname),
    dnsTimeout: silenceMs,
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const transport = createTransport(options);
  const streams = new Map<string, Readable>();

  transport.use('stream', (mail, done) => {
    const id = String(mail.data.messageId);
    mail.message.processFunc((stream) => {
      if (streams.get(id)?.readableDidRead === true) stream.destroy(new Error('The mail has left before.'));
      else streams.set(id, stream);
      return stream;
    });
    done();
  });
  // Losses of idle connections are no business of ours; without a listener they would end the process.
  transport.on('error', () => undefined);

  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...mail, signal: AbortSignal.timeout(timeoutMs) });
        return null;
      } catch (error) {
        return readSmtpFailure(error, streams.get(mail.messageId)?.readableDidRead === true);
      } finally {
        streams.delete(mail.messageId);
      }
    },
    async check() {
      try {
        await transport.verify();
        return null;
      } catch (error) {
        return readSmtpFailure(error, false);
      }
    },
    close: () => transport.close(),
  };
}
