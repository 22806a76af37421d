import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { dayAndTime, money } from './format.js';
import { channelName, kindName, scenarioName, statusName } from './names.js';
import { PatientName } from './patient-name.js';
import { reasonName } from './reasons.js';
import { link } from './route.js';
import { StatusMark } from './status-mark.js';
import { t } from './words.js';

/** When a message was sent; when it is due, if it waits; else when it came to its end. @param {import('./shapes.js').Message} message */
export function momentOf(message) {
  if (message.status === 'planned' || message.status === 'queued') return message.dueAt;
  const sent = message.timeline.find(({ status }) => status === 'sent');
  return (sent ?? message.timeline.at(-1))?.at ?? message.dueAt;
}

/** A message in the log; opens to its text, its way and what staff can do about it. @param {{ message: import('./shapes.js').Message }} props */
export function LogRow({ message }) {
  const [open, setOpen] = useState(false);
  const name = message.scenario === null ? kindName(message.kind) : scenarioName(message.scenario);
  return html`
    <tr class=${open ? 'open' : ''} data-status=${message.status}>
      <td data-label=${t('console.log.at')}>${dayAndTime(momentOf(message))}</td>
      <td data-label=${t('console.log.scenario')}>${name}</td>
      <td data-label=${t('console.log.patient')}><${PatientName} id=${message.patient} /></td>
      <td data-label=${t('console.log.channel')}>${message.channel ? channelName(message.channel) : '–'}</td>
      <td data-label=${t('console.log.status')}>
        <${StatusMark} status=${message.status} />
        ${message.reason !== undefined && html`<span class="reason">${reasonName(message.reason)}</span>`}
      </td>
      <td data-label=${t('console.log.price')} class="right">${message.channel === null ? '–' : message.price === 0 ? t('console.free') : money(message.price, message.currency)}</td>
      <td>
        <button type="button" class="small quiet" aria-expanded=${open ? 'true' : 'false'} aria-controls="message-${message.id}" onClick=${() => setOpen(!open)}>
          ${open ? t('console.log.less') : t('console.log.more')}
        </button>
      </td>
    </tr>
    ${
      open &&
      html`
        <tr class="details" id="message-${message.id}">
          <td colspan="7"><${Details} message=${message} /></td>
        </tr>
      `
    }
  `;
}

/** @param {{ message: import('./shapes.js').Message }} props */
function Details({ message }) {
  const [act, busy] = useAction(
    async (/** @type {string} */ path, /** @type {any} */ body, /** @type {string} */ said) => {
      await call('POST', `/messages/${encodeURIComponent(message.id)}/${path}`, body);
      return said;
    },
  );
  const button = (/** @type {string} */ name, /** @type {() => void} */ run) =>
    html`<button type="button" class="small" aria-busy=${busy ? 'true' : 'false'} onClick=${run}>${name}</button>`;
  const why = message.subject?.appointment
    ? { appointment: message.subject.appointment }
    : { patient: message.patient ?? undefined };
  return html`
    <div class="message">
      <div>
        <p class="label">${t('console.log.text')}</p>
        ${message.text ? html`<blockquote class="bubble bot">${message.text}</blockquote>` : html`<p class="hint">${t('console.log.noText')}</p>`}
      </div>
      <div>
        <p class="label">${t('console.log.way')}</p>
        <ol class="way">
          ${message.timeline.map(
            (step, at) => html`
              <li key=${at}>
                <span>${dayAndTime(step.at)}</span> <strong>${statusName(step.status)}</strong>
                ${step.channel && html` · ${channelName(step.channel)}`} ${step.detail && html` · ${reasonName(step.detail)}`}
              </li>
            `,
          )}
        </ol>
        <p class="hint">${t('console.log.attempts', { count: message.attempts })}${message.to && ` · ${message.to}`}</p>
        <div class="buttons">
          ${message.kind === 'scenario' && html`<a class="button small" href=${link('messages', { tab: 'why', ...why })}>${t('console.log.why')}</a>`}
          ${(message.status === 'failed' || message.status === 'unknown') && button(t('console.log.resend'), () => act('resend', undefined, t('console.log.resent')))}
          ${message.status === 'unknown' && button(t('console.log.asSent'), () => act('resolve', { as: 'sent' }, t('console.log.resolved')))}
          ${message.status === 'unknown' && button(t('console.log.asFailed'), () => act('resolve', { as: 'failed' }, t('console.log.resolved')))}
        </div>
      </div>
    </div>
  `;
}
