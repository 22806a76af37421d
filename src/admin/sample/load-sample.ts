import type { SampleCall, SampleClinic } from './sample-clinic.ts';

/** Makes one call of the HTTP contract with the owner's token; resolves with its status and text. */
export type CallApi = (call: SampleCall) => Promise<{ readonly status: number; readonly text: string }>;

/** Feeds the sample clinic through the API, as a clinic's system would. May be repeated after a crash: every call is an upsert. Throws when one is refused. */
export async function loadSample(
  sample: SampleClinic,
  call: CallApi,
  link: (patient: string, chat: string) => Promise<void>,
): Promise<void> {
  for (const each of sample.calls) {
    const { status, text } = await call(each);
    if (status >= 300)
      throw new Error(`The sample clinic was refused: ${each.method} ${each.path} answered ${status} ${text}`);
  }
  for (const { patient, chat } of sample.linkedChats) await link(patient, chat);
}
