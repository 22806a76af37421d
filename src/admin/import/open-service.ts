import type { Server } from '@hapi/hapi';
import { AppError } from '../../core/errors.ts';
import { answerJson, type CallService, callInProcess, callOverHttp } from './service-call.ts';

/** What the import needs of the settings. */
export interface ImportConfig {
  readonly host: string;
  readonly port: number;
  readonly adminToken: string;
}

/** The service without a port of its own; `stop` closes the database. */
export interface InProcess {
  readonly server: Pick<Server, 'inject'>;
  stop(): Promise<void>;
}

export interface OpenedService {
  /** Where it runs, for the operator; null in this process. */
  readonly origin: string | null;
  readonly call: CallService;
  stop(): Promise<void>;
}

const ANY = ['0.0.0.0', '::', ''];

/** The running service where one answers at HOST and PORT, since the embedded store takes one process only; else one in this process. Throws `AppError` when the one that runs refuses the token or is not ready. */
export async function openService(
  config: ImportConfig,
  openInProcess: () => Promise<InProcess>,
): Promise<OpenedService> {
  const host = ANY.includes(config.host) ? '127.0.0.1' : config.host;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
  const call = callOverHttp(origin, config.adminToken);
  const answer = await call({ method: 'GET', path: '/branches?limit=1' }).catch(() => null);
  if (answer !== null) {
    const json = answerJson(answer);
    if (answer.status === 200 && Array.isArray(json['items'])) return { origin, call, stop: async () => undefined };
    if (json['code'] === 'unauthorized')
      throw new AppError('unauthorized', `the service at ${origin} does not take this ADMIN_TOKEN`);
    if (answer.status === 503) throw new AppError('notReady', `the service at ${origin} is not ready yet; try again`);
  }
  const { server, stop } = await openInProcess();
  return { origin: null, call: callInProcess(server, config.adminToken), stop };
}
