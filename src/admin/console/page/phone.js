import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call, callAllPages } from './api.js';
import { useData } from './data.js';
import { day, time } from './format.js';
import { Icon } from './icon.js';
import { channelName, statusName } from './names.js';
import { PatientName } from './patient-name.js';
import { PhoneKeys } from './phone-keys.js';
import { t } from './words.js';

/** @typedef {import('./shapes.js').ChatLine} ChatLine */

/** A patient's phone: the chat as the patient sees it, and all that a patient can do there. @param {{ channel: string, address: string, patient: string | null }} props */
export function Phone({ channel, address, patient }) {
  const path = `/demo/chats/${channel}/${encodeURIComponent(address)}/messages`;
  const asked = useData(path, callAllPages);
  const [quoted, setQuoted] = useState(/** @type {ChatLine | null} */ (null));
  const [act, busy] = useAction(async (/** @type {Record<string, unknown>} */ body) => {
    await call('POST', path, body);
    setQuoted(null);
  });
  /** @type {ChatLine[]} */
  const lines = asked.data?.items ?? [];
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);
  return html`
    <section class="phone-place" aria-label=${t('console.phone.label', { channel: channelName(channel), address })}>
      <div class="phone ${channel}">
        <header>
          <strong>${patient ? html`<${PatientName} id=${patient} />` : address}</strong>
          <span>${channelName(channel)} · ${address}</span>
        </header>
        <div class="lines" ref=${list} role="log" aria-label=${t('console.phone.lines')} tabindex="0">
          <ol>
            ${lines.length === 0 && html`<li class="empty">${t('console.phone.none')}</li>`}
            ${lines.map((line, at) => {
              const before = lines[at - 1];
              const newDay = before === undefined || day(before.at) !== day(line.at);
              return html`
                ${newDay && html`<li key=${`day-${line.id}`} class="day">${day(line.at)}</li>`}
                <${Line} key=${line.id} line=${line} onTap=${(/** @type {string} */ choice) => act({ choice, message: line.id })} onQuote=${() => setQuoted(line)} />
              `;
            })}
          </ol>
        </div>
        <${PhoneKeys} channel=${channel} patient=${patient} busy=${busy} quoted=${quoted} onUnquote=${() => setQuoted(null)} onSend=${act} />
      </div>
    </section>
  `;
}

/** @param {{ line: ChatLine, onTap: (choice: string) => void, onQuote: () => void }} props */
function Line({ line, onTap, onQuote }) {
  const choices = line.choices ?? [];
  return html`
    <li class="line ${line.from}" data-line=${line.id}>
      <span class="unseen">${line.from === 'bot' ? t('console.phone.clinic') : t('console.phone.patient')}</span>
      <div class="bubble ${line.from}">
        <span class="text">${line.text}</span>
        <span class="when">
          <button type="button" class="quote" aria-label=${t('console.phone.quote')} title=${t('console.phone.quote')} onClick=${onQuote}><${Icon} name="reply" /></button>
          ${time(line.at)}
          ${line.from === 'bot' && html`<span class="ticks ${line.status}" role="img" aria-label=${statusName(line.status)}><${Icon} name=${line.status === 'sent' ? 'check' : 'checks'} /></span>`}
        </span>
      </div>
      ${
        choices.length > 0 &&
        html`
          <div class="taps" role="group" aria-label=${t('console.phone.choices')}>
            ${choices.map((choice) => html`<button key=${choice.id} type="button" data-choice=${choice.id} onClick=${() => onTap(choice.id)}>${choice.title}</button>`)}
          </div>
        `
      }
    </li>
  `;
}
