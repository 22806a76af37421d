import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { onRefusal } from './api.js';
import { ChannelLink } from './channel-link.js';
import { Channels } from './channels.js';
import { changed, forgetData, useData } from './data.js';
import { DemoBar } from './demo-bar.js';
import { showIn } from './format.js';
import { Header } from './header.js';
import { Inbox } from './inbox.js';
import { Log } from './log.js';
import { errorWords, Notices } from './notices.js';
import { useRoute } from './route.js';
import { Scenarios } from './scenarios.js';
import { isDemo, rememberToken, token } from './session.js';
import { SignIn } from './sign-in.js';
import { Simulator } from './simulator.js';
import { SpendView } from './spend.js';
import { Surveys } from './surveys.js';
import { currentLocale, loadWords, t } from './words.js';

const BRANCH_KEY = 'zabota.branch';
const REFRESH_MS = 10_000;

/** @type {Record<string, any>} */
const views = {
  scenarios: Scenarios,
  messages: Log,
  spend: SpendView,
  surveys: Surveys,
  inbox: Inbox,
  channels: Channels,
  simulator: Simulator,
};

/** The whole page: asks for the token when there is none, else the header and the view that the address names. */
export function App() {
  const [, setLocale] = useState(currentLocale);
  const [signedIn, setSignedIn] = useState(() => Boolean(token()));
  useEffect(() => onRefusal(() => setSignedIn(false)), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void changed(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const speak = async (/** @type {string} */ wanted) => {
    await loadWords(wanted);
    setLocale(wanted);
    changed();
  };
  const enter = (/** @type {string} */ value) => {
    rememberToken(value);
    setSignedIn(true);
    void forgetData();
  };
  return html`
    ${signedIn ? html`<${Console} onSpeak=${speak} />` : html`<${SignIn} onEnter=${enter} onSpeak=${speak} />`}
    <${Notices} key="notices" />
  `;
}

/** @param {{ onSpeak: (locale: string) => void }} props */
function Console({ onSpeak }) {
  const route = useRoute();
  const branches = useData('/branches?limit=200');
  const [chosen, choose] = useState(() => sessionStorage.getItem(BRANCH_KEY));
  const items = branches.data?.items ?? [];
  const branch = items.find((/** @type {any} */ one) => one.id === chosen) ?? items[0];
  showIn(branch?.timezone ?? 'UTC');
  const pick = (/** @type {string} */ id) => {
    sessionStorage.setItem(BRANCH_KEY, id);
    choose(id);
  };
  const View = (route.view === 'simulator' && !isDemo ? null : views[route.view]) ?? Scenarios;
  const title = titleOf(route.view);
  const view = useRef(route.view);
  useEffect(() => {
    if (view.current === route.view) return;
    view.current = route.view;
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [route.view]);
  useEffect(() => {
    document.title = `${title} · ${t('console.brand')}`;
  }, [title]);
  return html`
    <a class="skip" href="#main" onClick=${skip}>${t('console.skip')}</a>
    <${Header} branches=${items} branch=${branch} route=${route} onPick=${pick} onSpeak=${onSpeak} />
    ${isDemo && html`<${DemoBar} />`}
    <main id="main" tabindex="-1" class="view-${route.view}">
      <${ChannelLink} />
      ${branch === undefined ? html`<${NoBranch} asked=${branches} />` : html`<${View} key=${branch.id} branch=${branch} route=${route} />`}
    </main>
  `;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** @param {{ asked: { data: any, error: any } }} props */
function NoBranch({ asked }) {
  if (asked.error !== null) return html`<p class="empty bad">${errorWords(asked.error)}</p>`;
  if (asked.data === undefined) return html`<p class="empty" aria-busy="true">${t('console.loading')}</p>`;
  return html`<h1>${t('console.noBranch.title')}</h1><p class="empty">${t('console.noBranch.text')}</p>`;
}

/** @param {string} view */
function titleOf(view) {
  switch (view) {
    case 'messages':
      return t('console.nav.messages');
    case 'spend':
      return t('console.nav.spend');
    case 'surveys':
      return t('console.nav.surveys');
    case 'inbox':
      return t('console.nav.inbox');
    case 'channels':
      return t('console.nav.channels');
    case 'simulator':
      return t('console.nav.simulator');
    default:
      return t('console.nav.scenarios');
  }
}
