import { useState } from 'preact/hooks';
import { changed } from './data.js';
import { complain, say } from './notices.js';

/**
 * Wraps what a button does: `busy` while it runs, a second press is ignored. Afterwards the page is refreshed and only then
 * the words that `run` resolves with are said; a failure is said in words too, unless `onError` takes it.
 * @template {any[]} A
 * @param {(...args: A) => Promise<string | void>} run
 * @param {(error: any) => void} [onError]
 * @returns {[(...args: A) => Promise<void>, boolean]}
 */
export function useAction(run, onError = complain) {
  const [busy, setBusy] = useState(false);
  /** @param {A} args */
  const start = async (...args) => {
    if (busy) return;
    setBusy(true);
    try {
      const words = await run(...args);
      await changed();
      if (words) say(words);
    } catch (error) {
      onError(error);
      await changed();
    } finally {
      setBusy(false);
    }
  };
  return [start, busy];
}
