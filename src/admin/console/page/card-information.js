import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { withQuery } from './api.js';
import { cardPath } from './card-path.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { money, number, percent } from './format.js';
import { channelName, outcomeName } from './names.js';
import { reasonName } from './reasons.js';
import { currentLocale, LANGUAGES, t } from './words.js';

/** What a scenario does, for whom not, an example, prices and figures. @param {{ branch: import('./shapes.js').Branch, card: import('./shapes.js').Card }} props */
export function CardInformation({ branch, card }) {
  const [locale, setLocale] = useState(branch.locale);
  const path = `${cardPath(branch.id, card.key)}/example`;
  const about = useData(withQuery(path, { locale: currentLocale() }));
  const example = useData(withQuery(path, { locale }));
  const prices = Object.entries(card.prices);
  const skips = Object.entries(card.skipped).sort((one, other) => other[1] - one[1]);
  return html`
    <section aria-labelledby="what">
      <h3 id="what">${t('console.information.what')}</h3>
      <${Empty} asked=${about} empty="" />
      ${paragraphs(about.data?.description)}
    </section>
    <section aria-labelledby="example">
      <h3 id="example">${t('console.information.example')}</h3>
      <label class="inline">
        ${t('console.information.exampleLanguage')}
        <select value=${locale} onChange=${(/** @type {any} */ event) => setLocale(event.currentTarget.value)}>
          ${LANGUAGES.map((one) => html`<option key=${one.locale} value=${one.locale} lang=${one.locale}>${one.name}</option>`)}
        </select>
      </label>
      ${example.data && html`<blockquote class="bubble bot" lang=${locale}>${example.data.text}</blockquote>`}
    </section>
    <section aria-labelledby="prices">
      <h3 id="prices">${t('console.information.prices')}</h3>
      <dl class="facts">
        ${prices.map(
          ([channel, price]) => html`
            <div key=${channel}><dt>${channelName(channel)}</dt><dd>${price === 0 ? t('console.free') : money(price, branch.currency)}</dd></div>
          `,
        )}
      </dl>
    </section>
    <section aria-labelledby="figures">
      <h3 id="figures">${t('console.information.figures')}</h3>
      <dl class="facts">
        <${Fact} name=${t('console.status.sent')} value=${number(card.sent)} />
        <${Fact} name=${t('console.status.delivered')} value=${number(card.delivered)} />
        <${Fact} name=${t('console.status.read')} value=${number(card.read)} />
        <${Fact} name=${t('console.status.failed')} value=${number(card.failed)} />
        <${Fact} name=${t('console.information.spend')} value=${money(card.spend, branch.currency)} />
        ${Object.entries(card.outcomes).map(
          ([name, one]) =>
            html`<${Fact} key=${name} name=${outcomeName(name)} value=${`${number(one.count)} (${percent(one.share)})`} />`,
        )}
      </dl>
      <h4>${t('console.information.skipped')}</h4>
      ${skips.length === 0 && html`<p class="hint">${t('console.information.noneSkipped')}</p>`}
      <ul class="reasons">
        ${skips.map(([reason, count]) => html`<li key=${reason}><span class="count">${number(count)}</span> ${reasonName(reason)}</li>`)}
      </ul>
    </section>
  `;
}

/** @param {{ name: string, value: string }} props */
function Fact({ name, value }) {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** @param {string | undefined} text */
function paragraphs(text) {
  return (text ?? '').split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [html`<p key=${at}>${line}</p>`]));
}
