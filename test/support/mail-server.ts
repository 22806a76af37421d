import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { leaves, type MailPart, readMail } from './mail-parts.ts';

/** What happens to the next mail in place of its being taken. */
export type MailStep =
  | { readonly at: 'MAIL' | 'RCPT' | 'DATA'; readonly code: number; readonly text?: string }
  | 'cutAtMail'
  | 'cutInData'
  | 'cutAfterData'
  | 'hangAfterData'
  | 'slowAfterData';

/** A mail as it arrived. */
interface ArrivedMail extends MailPart {
  readonly to: string;
  readonly raw: string;
  /** The plain text, without line ends at its end. */
  readonly words: string;
}

/** A real SMTP server with mailboxes, on a port of its own. */
export interface MailServer {
  /** With user and password, percent-encoded. */
  readonly url: string;
  readonly port: number;
  readonly arrived: readonly ArrivedMail[];
  /** Connections, and logins that were tried. */
  readonly seen: { connections: number; logins: number; mails: number };
  script(...steps: readonly MailStep[]): void;
  /** Every mail from now on; null: taken again. */
  always(step: MailStep | null): void;
  /** There is no such mailbox. */
  without(address: string, reply?: { code: number; text: string }): void;
  /** Another password from now on; null: 454, not now. */
  password: string | null;
  /** Ends the connections that stand, as a server does after a while. */
  dropConnections(): void;
  stop(): Promise<void>;
}

const USER = 'clinic@mail.example';

class Refusal extends Error {
  readonly responseCode: number;

  constructor(code: number, text: string) {
    super(text);
    this.responseCode = code;
  }
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const arrived: ArrivedMail[] = [];
  const steps: MailStep[] = [];
  const gone = new Map<string, { code: number; text: string }>();
  const seen = { connections: 0, logins: 0, mails: 0 };
  let every: MailStep | null = null;
  const current = new Map<string, MailStep | null>();

  const socketOf = ({ id }: SMTPServerSession): Socket | undefined => {
    type Held = { session: SMTPServerSession; _socket: Socket };
    return ([...smtp.connections] as unknown as Held[]).find(({ session }) => session.id === id)?._socket;
  };
  const refusalAt = (place: 'MAIL' | 'RCPT' | 'DATA', { id }: SMTPServerSession): Refusal | null => {
    const step = current.get(id) ?? null;
    if (step === null || typeof step === 'string' || step.at !== place) return null;
    return new Refusal(step.code, step.text ?? 'No.');
  };

  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      seen.connections += 1;
      done();
    },
    onAuth({ username, password }, _session, done) {
      seen.logins += 1;
      if (server.password === null) done(new Refusal(454, 'Temporary authentication failure.'));
      else if (username === USER && password === server.password) done(null, { user: USER });
      else done(new Refusal(535, 'Authentication credentials invalid.'));
    },
    onMailFrom(_address, session, done) {
      seen.mails += 1;
      const step = steps.shift() ?? every;
      current.set(session.id, step);
      if (step === 'cutAtMail') socketOf(session)?.destroy();
      else done(refusalAt('MAIL', session));
    },
    onRcptTo({ address }, session, done) {
      const reply = gone.get(address);
      done(reply === undefined ? refusalAt('RCPT', session) : new Refusal(reply.code, reply.text));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      const step = current.get(session.id) ?? null;
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (step === 'cutInData') socketOf(session)?.destroy();
      });
      stream.on('end', () => {
        const refusal = refusalAt('DATA', session);
        if (refusal !== null) {
          done(refusal);
          return;
        }
        if (step === 'cutInData') return;
        const to = session.envelope.rcptTo[0]?.address ?? '';
        arrived.push(mailOf(to, Buffer.concat(chunks).toString('utf8')));
        if (step === 'cutAfterData') socketOf(session)?.destroy();
        else if (step === 'slowAfterData') setTimeout(done, 100);
        else if (step !== 'hangAfterData') done();
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    smtp.listen(port, '127.0.0.1', resolve);
  });
  const own = (smtp.server.address() as AddressInfo).port;

  const server: MailServer = {
    url: `smtp://${encodeURIComponent(USER)}:${encodeURIComponent('pass:w@rd/1')}@127.0.0.1:${own}`,
    port: own,
    arrived,
    seen,
    script: (...more) => void steps.push(...more),
    always(step) {
      every = step;
    },
    without: (address, reply = { code: 550, text: '5.1.1 No such mailbox here.' }) => void gone.set(address, reply),
    password: 'pass:w@rd/1',
    dropConnections() {
      for (const { _socket } of [...smtp.connections] as unknown as { _socket: Socket }[]) _socket.destroy();
    },
    async stop() {
      server.dropConnections();
      await new Promise<void>((resolve) => {
        smtp.close(resolve);
      });
    },
  };
  return server;
}

function mailOf(to: string, raw: string): ArrivedMail {
  const mail = readMail(raw);
  const plain = leaves(mail).find(({ type }) => type.startsWith('text/plain'));
  return { ...mail, to, raw, words: (plain?.text ?? '').replaceAll('\r\n', '\n').replace(/\n+$/, '') };
}
