import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { callAllPages } from './api.js';
import { ChannelModes } from './channel-modes.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { channelName } from './names.js';
import { NewChat } from './new-chat.js';
import { PatientName } from './patient-name.js';
import { Phone } from './phone.js';
import { go, link } from './route.js';
import { VisitsView } from './visits.js';
import { t } from './words.js';

/** The patients' phones: the list of chats, one phone, the visits behind it and the channels' faults. @param {{ route: import('./route.js').Route }} props */
export function Simulator({ route }) {
  const asked = useData('/demo/chats', callAllPages);
  const [starting, setStarting] = useState(false);
  /** @type {import('./shapes.js').Chat[]} */
  const chats = asked.data?.items ?? [];
  const { channel, address } = route.params;
  const newest = chats[0];
  // The first phone stays in the hand, whoever writes next.
  useEffect(() => {
    if (channel === undefined && newest !== undefined) go(chatLink(newest), true);
  }, [channel, newest]);
  const chosen = chats.find((chat) => chat.channel === channel && chat.address === address);
  const patient = chosen?.patient ?? route.params['patient'] ?? null;
  return html`
    <div class="title">
      <h1>${t('console.nav.simulator')}</h1>
      <button type="button" onClick=${() => setStarting(true)}>${t('console.simulator.start')}</button>
    </div>
    <p class="hint">${t('console.simulator.text')}</p>
    <div class="simulator">
      <section aria-labelledby="chats">
        <h2 id="chats">${t('console.simulator.chats')}</h2>
        <${Empty} asked=${asked} empty=${t('console.simulator.none')} />
        <ul class="talks">
          ${chats.map((chat) => html`<${ChatEntry} key=${`${chat.channel}:${chat.address}`} chat=${chat} chosen=${chat === chosen} />`)}
        </ul>
      </section>
      ${
        channel !== undefined && address !== undefined
          ? html`<${Phone} key=${`${channel}:${address}`} channel=${channel} address=${address} patient=${patient} />`
          : html`<section class="phone-place"><p class="empty">${t('console.simulator.noPhone')}</p></section>`
      }
      <div class="aside">
        ${patient && html`<${VisitsView} key=${patient} patient=${patient} />`}
        <${ChannelModes} />
      </div>
    </div>
    ${starting && html`<${NewChat} onClose=${() => setStarting(false)} />`}
  `;
}

/** @param {import('./shapes.js').Chat} chat */
function chatLink({ channel, address, patient }) {
  return link('simulator', { channel, address, patient: patient ?? undefined });
}

/** @param {{ chat: import('./shapes.js').Chat, chosen: boolean }} props */
function ChatEntry({ chat, chosen }) {
  const { channel, address, patient, last } = chat;
  return html`
    <li>
      <button
        type="button"
        aria-pressed=${chosen ? 'true' : 'false'}
        data-chat=${`${channel}:${address}`}
        onClick=${() => go(chatLink(chat), true)}
      >
        <strong>${patient ? html`<${PatientName} id=${patient} />` : address}</strong>
        <span class="hint">${channelName(channel)} · ${address}</span>
        ${last && html`<span class="last">${last.text}</span><span class="hint">${dayAndTime(last.at)}</span>`}
      </button>
    </li>
  `;
}
