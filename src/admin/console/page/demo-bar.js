import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { changed, forgetData, useData } from './data.js';
import { Dialog } from './dialog.js';
import { dayAndTime, fullDay, time } from './format.js';
import { t } from './words.js';

const RUNNING_REFRESH_MS = 3000;

/** The movable clock of the demo: what it shows, and the steps that it can take. */
export function DemoBar() {
  const { data: clock } = useData('/demo/clock');
  const [asking, setAsking] = useState(false);
  const [move, busy] = useAction(async (/** @type {Record<string, unknown>} */ step) => {
    const done = await call('POST', '/demo/clock', step);
    if ('run' in step) return step['run'] ? t('console.clock.runs') : t('console.clock.stands');
    return t('console.clock.moved', { now: dayAndTime(done.now), sent: done.sent, skipped: done.skipped });
  });
  const [reset, resetting] = useAction(async () => {
    await call('POST', '/demo/reset');
    setAsking(false);
    await forgetData();
    return t('console.clock.wasReset');
  });
  const running = clock?.running === true;
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(changed, RUNNING_REFRESH_MS);
    return () => clearInterval(timer);
  }, [running]);
  const step = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ body) => html`
    <button type="button" class="small" aria-disabled=${busy ? 'true' : 'false'} onClick=${() => move(body)}>${name}</button>
  `;
  const ready = clock !== undefined;
  return html`
    <section class="demo" aria-label=${t('console.clock.label')}>
      <p class="clock">
        <span class="label">${t('console.clock.demo')}</span>
        <strong><span class="date">${ready ? fullDay(clock.now) : '…'}</span> <span class="time">${ready ? time(clock.now) : ''}</span></strong>
        <span class="label running">${busy ? t('console.clock.busy') : running ? t('console.clock.running') : t('console.clock.standing')}</span>
      </p>
      <div class="steps">
        ${clock?.nextAt && step(t('console.clock.next', { at: dayAndTime(clock.nextAt) }), { to: clock.nextAt })}
        ${step(t('console.clock.hour'), { advance: 'PT1H' })} ${step(t('console.clock.day'), { advance: 'P1D' })}
        ${running ? step(t('console.clock.stop'), { run: false }) : step(t('console.clock.run'), { run: true })}
        <button type="button" class="small quiet" onClick=${() => setAsking(true)}>${t('console.clock.reset')}</button>
      </div>
      ${
        asking &&
        html`
          <${Dialog} title=${t('console.clock.resetAsk')} onClose=${() => setAsking(false)}>
            <p>${t('console.clock.resetText')}</p>
            <div class="buttons">
              <button type="button" class="main danger" aria-busy=${resetting ? 'true' : 'false'} onClick=${() => reset()}>${t('console.clock.reset')}</button>
              <button type="button" onClick=${() => setAsking(false)}>${t('console.cancel')}</button>
            </div>
          <//>
        `
      }
    </section>
  `;
}
