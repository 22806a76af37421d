import { type DayPhone, numberedChoices } from './clinic-day.ts';
import type { RunningService } from './running-service.ts';

/** A phone of the demo. */
export function simulatedPhone(service: Pick<RunningService, 'must'>, channel: string, address: string): DayPhone {
  const path = `/demo/chats/${channel}/${encodeURIComponent(address)}/messages`;
  interface Line {
    readonly from: string;
    readonly text: string;
    readonly choices?: readonly { readonly id: string; readonly title: string }[];
  }
  const lines = async () =>
    (await service.must<{ items: readonly Line[] }>('GET', `${path}?limit=200`)).items.filter(
      ({ from }) => from === 'bot',
    );
  return {
    seen: async () =>
      (await lines()).map(({ text, choices = [] }) => ({
        text,
        choices: choices.length > 0 ? choices.map(({ title }) => title) : numberedChoices(text),
      })),
    say: async (text) => {
      await service.must('POST', path, { text });
    },
    async choose(title) {
      for (const { text, choices = [] } of (await lines()).toReversed()) {
        const choice = choices.find((one) => one.title === title);
        if (choice !== undefined) return void (await service.must('POST', path, { choice: choice.id }));
        const place = numberedChoices(text).indexOf(title);
        if (place >= 0) return void (await service.must('POST', path, { text: String(place + 1) }));
      }
      throw new Error(`Nothing offers ${title}`);
    },
  };
}
