import { useEffect, useState } from 'preact/hooks';

/** @typedef {{ view: string, params: Readonly<Record<string, string>> }} Route */

/** A link into the page: `#/view?name=value`. @param {string} view @param {Record<string, string | undefined>} [params] */
export function link(view, params = {}) {
  const pairs = Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const query = new URLSearchParams(pairs).toString();
  return `#/${view}${query && `?${query}`}`;
}

/** @returns {Route} */
export function currentRoute() {
  const [view = '', query = ''] = location.hash.replace(/^#\//, '').split('?');
  return { view: view || 'scenarios', params: Object.fromEntries(new URLSearchParams(query)) };
}

/** Goes somewhere in the page; `replace` leaves no step behind for the back button. @param {string} hash @param {boolean} [replace] */
export function go(hash, replace = false) {
  if (replace) history.replaceState(null, '', hash);
  else history.pushState(null, '', hash);
  window.dispatchEvent(new Event('hashchange'));
}

/** Where the page is; the component is drawn anew when that changes. */
export function useRoute() {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const listen = () => setRoute(currentRoute());
    window.addEventListener('hashchange', listen);
    window.addEventListener('popstate', listen);
    return () => {
      window.removeEventListener('hashchange', listen);
      window.removeEventListener('popstate', listen);
    };
  }, []);
  return route;
}
