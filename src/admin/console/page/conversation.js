import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { channelName, machineName } from './names.js';
import { PatientName } from './patient-name.js';
import { t } from './words.js';

/** A dialogue to read and to answer; the bot is silent in it until it is given back. @param {{ id: string }} props */
export function ConversationView({ id }) {
  const path = `/conversations/${encodeURIComponent(id)}`;
  const asked = useData(path);
  const [text, setText] = useState('');
  /** @type {import('./shapes.js').Conversation | undefined} */
  const talk = asked.data;
  const [answer, busy] = useAction(async () => {
    await call('POST', `${path}/messages`, { text: text.trim() });
    setText('');
    return t('console.inbox.answered');
  });
  const [giveBack] = useAction(async () => {
    await call('POST', `${path}/return-to-bot`);
    return t('console.inbox.returned');
  });
  if (talk === undefined) return html`<${Empty} asked=${asked} empty="" />`;
  return html`
    <article class="talk" aria-labelledby="talk-title">
      <h3 id="talk-title"><${PatientName} id=${talk.patient} /></h3>
      <p class="hint">${machineName(talk.machine)} · ${channelName(talk.channel)} ${talk.address} · ${dayAndTime(talk.changedAt)}</p>
      <div class="lines" role="log" aria-label=${t('console.inbox.lines')} tabindex="0">
        <ol>
          ${(talk.messages ?? []).map((line) => html`<${Line} key=${line.id} line=${line} />`)}
        </ol>
      </div>
      <form
        class="answer"
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          if (text.trim() !== '') void answer();
        }}
      >
        <label>
          ${t('console.inbox.answer')}
          <textarea rows="2" name="answer" required value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
        </label>
        <div class="buttons">
          <button type="submit" class="main" aria-busy=${busy ? 'true' : 'false'}>${t('console.inbox.send')}</button>
          ${talk.status === 'handedOver' && html`<button type="button" onClick=${() => giveBack()}>${t('console.inbox.return')}</button>`}
        </div>
      </form>
    </article>
  `;
}

/** @param {{ line: import('./shapes.js').ConversationLine }} props */
function Line({ line }) {
  const from = line.from === 'patient' ? 'patient' : 'bot';
  const who = from === 'patient' ? t('console.inbox.patient') : (line.by ?? t('console.inbox.clinic'));
  return html`
    <li class="line ${from}">
      <span class="label">${who}${line.at && ` · ${dayAndTime(line.at)}`}</span>
      <span class="bubble ${from}">${line.text ?? t('console.inbox.noWords')}</span>
    </li>
  `;
}
