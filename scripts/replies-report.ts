import { LOCALES } from '../src/core/locale.ts';
import { type Measured, measure } from './replies-measure.ts';

/** Prints how replies are read: `npm run replies`; with `-- --misses` also each miss among those that may be looked at. */
function report(): void {
  const share = (part: number, whole: number) => `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;
  const line = (name: string, all: readonly Measured[]) => {
    const right = all.filter((each) => each.right).length;
    const wrong = all.filter((each) => each.wrongAction).length;
    console.log(
      `${name.padEnd(12)} right ${share(right, all.length).padEnd(18)} wrong actions ${share(wrong, all.length)}`,
    );
  };
  const every = LOCALES.flatMap((locale) => {
    const all = measure(locale);
    line(locale, all);
    line(
      '  tuned on',
      all.filter((each) => !each.unseen),
    );
    line(
      '  unseen',
      all.filter((each) => each.unseen),
    );
    return all;
  });
  line('all', every);
  line(
    '  unseen',
    every.filter((each) => each.unseen),
  );
  if (!process.argv.includes('--misses')) return;
  for (const { item, got, wrongAction } of every.filter((each) => !each.right)) {
    const mark = wrongAction ? '!!' : '  ';
    console.log(
      `${mark} ${item.id} [${item.question.kind}] ${JSON.stringify(item.reply)} → ${got}, meant ${item.reading}`,
    );
  }
}

report();
