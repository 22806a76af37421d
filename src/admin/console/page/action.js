import { useState } from 'preact/hooks';
import { changed } from './data.js';
import { complain } from './notices.js';

/**
 * Wraps what a button does: `busy` while it runs, a second press is ignored, a failure is said in words (unless
 * `onError` takes it), and the page is refreshed afterwards.
 * @template {any[]} A
 * @param {(...args: A) => Promise<unknown>} run
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
      await run(...args);
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
      changed();
    }
  };
  return [start, busy];
}
