import { splitLines } from '../clinic/lines.ts';
import { bodyPath, withPaths } from './body-path.ts';
import { sendBatch } from './send-batch.ts';
import type { CallService } from './service-call.ts';
import type { Tally } from './tally.ts';

const LONGEST_LINE = 1_048_576;
const LINES_A_CALL = 200;
const CHARACTERS_A_CALL = 4_000_000;

/** Loads NDJSON of the batch form as it streams; never more than one call's lines are held. */
export async function loadLines(
  bytes: AsyncIterable<Buffer>,
  { call, tally, quiet }: { readonly call: CallService; readonly tally: Tally; readonly quiet: boolean },
): Promise<void> {
  let held: { line: number; text: string }[] = [];
  let characters = 0;
  const send = async (): Promise<void> => {
    const results = await sendBatch(
      call,
      held.map(({ text }) => text),
      { quiet },
    );
    held.forEach(({ line }, at) => {
      const words = results[at]?.words ?? null;
      if (words === null) tally.loaded();
      else tally.bad(`line ${line}`, withPaths(words, bodyPath));
    });
    held = [];
    characters = 0;
  };
  for await (const { line, text } of splitLines(bytes, LONGEST_LINE)) {
    // trim takes a byte order mark away too.
    const words = text?.trim();
    if (words === undefined) tally.bad(`line ${line}`, 'is longer than 1 MiB');
    else if (words.includes('\uFFFD')) tally.bad(`line ${line}`, 'is not in UTF-8');
    else if (words !== '') {
      held.push({ line, text: words });
      characters += words.length;
    }
    if (held.length >= LINES_A_CALL || characters >= CHARACTERS_A_CALL) await send();
  }
  if (held.length > 0) await send();
}
