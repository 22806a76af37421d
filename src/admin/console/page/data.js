import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';

/** Last answers by path, so that a view that comes back shows at once what it knew. @type {Map<string, { text: string, data: any }>} */
const known = new Map();
/** @type {Set<() => Promise<void>>} */
const watchers = new Set();

/** @type {Map<string, Promise<any>>} */
const once = new Map();

/** @param {string} path */
const get = (path) => call('GET', path);

/** Something was changed: whatever is on the page is asked for anew; resolves when all of it is there. */
export async function changed() {
  await Promise.all([...watchers].map((watcher) => watcher()));
}

/** Forgets all answers, as after another token or a reset. */
export function forgetData() {
  known.clear();
  once.clear();
  return changed();
}

/**
 * What the API answers to a GET, kept fresh; `data` stays the earlier answer while a newer one is on its way, and is
 * undefined at first. With path null nothing is asked.
 * @param {string | null} path @param {(path: string) => Promise<any>} [ask] how, if not by one GET
 * @returns {{ data: any, error: unknown }} `error` is null while all is well
 */
export function useData(path, ask = get) {
  const [state, setState] = useState({ path, data: undefined, error: /** @type {unknown} */ (null) });
  useEffect(() => {
    if (path === null) return undefined;
    let newest = 0;
    const load = () => {
      newest += 1;
      const mine = newest;
      return ask(path).then(
        (data) => {
          if (mine !== newest) return;
          const text = JSON.stringify(data);
          const before = known.get(path);
          if (before?.text === text) data = before.data;
          else known.set(path, { text, data });
          setState((last) =>
            last.path === path && last.data === data && !last.error ? last : { path, data, error: null },
          );
        },
        (error) => {
          if (mine === newest) setState((last) => ({ path, data: last.path === path ? last.data : undefined, error }));
        },
      );
    };
    void load();
    watchers.add(load);
    return () => {
      newest = -1;
      watchers.delete(load);
    };
  }, [path]);
  const fresh = state.path === path;
  return {
    data: path === null ? undefined : ((fresh ? state.data : undefined) ?? known.get(path)?.data),
    error: fresh ? state.error : null,
  };
}

/** For what hardly changes, such as a patient's name: asked for once. @param {string | null} path @returns {any} */
export function useOnce(path) {
  const [found, setFound] = useState({ path, data: /** @type {any} */ (undefined) });
  useEffect(() => {
    if (path === null) return;
    if (!once.has(path))
      once.set(
        path,
        call('GET', path).catch(() => null),
      );
    void once.get(path)?.then((data) => setFound({ path, data }));
  }, [path]);
  return found.path === path ? found.data : undefined;
}
