import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { withQuery } from './api.js';
import { BarChart } from './bar-chart.js';
import { endOfDay, startOfDay } from './branch-day.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { day, money, number } from './format.js';
import { channelName, scenarioName } from './names.js';
import { t } from './words.js';

/** What a branch spent, by scenario, channel and day. @param {{ branch: import('./shapes.js').Branch }} props */
export function SpendView({ branch }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const range = { from: from && startOfDay(from, branch.timezone), to: to && endOfDay(to, branch.timezone) };
  const query = { branch: branch.id, ...range };
  const byScenario = useData(withQuery('/spend', { ...query, groupBy: 'scenario' }));
  const byChannel = useData(withQuery('/spend', { ...query, groupBy: 'channel' }));
  const byDay = useData(withQuery('/spend', { ...query, groupBy: 'day' }));
  const dayField = (
    /** @type {string} */ label,
    /** @type {string} */ value,
    /** @type {(day: string) => void} */ set,
  ) => html`
    <label>${label}<input type="date" value=${value} onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)} /></label>
  `;
  /** @type {import('./shapes.js').Spend | undefined} */
  const spend = byScenario.data;
  return html`
    <div class="title"><h1>${t('console.nav.spend')}</h1></div>
    <form class="filter narrow" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      ${dayField(t('console.log.from'), from, setFrom)} ${dayField(t('console.log.to'), to, setTo)}
    </form>
    <section class="overview" aria-label=${t('console.spend.totals')} aria-live="polite">
      <div class="figure"><span class="label">${t('console.spend.total')}</span><strong>${spend ? money(spend.total, spend.currency) : '…'}</strong></div>
      <div class="figure"><span class="label">${t('console.spend.reserved')}</span><strong>${spend ? money(spend.reserved, spend.currency) : '…'}</strong></div>
    </section>
    <div class="charts">
      <${Chart} title=${t('console.spend.byScenario')} first=${t('console.log.scenario')} asked=${byScenario} name=${scenarioName} />
      <${Chart} title=${t('console.spend.byChannel')} first=${t('console.log.channel')} asked=${byChannel} name=${channelName} />
      <${Chart} title=${t('console.spend.byDay')} first=${t('console.spend.day')} asked=${byDay} name=${(/** @type {string} */ key) => day(`${key}T00:00:00+00:00`)} standing />
    </div>
  `;
}

/** @param {{ title: string, first: string, asked: { data: any, error: any }, name: (key: string) => string, standing?: boolean }} props */
function Chart({ title, first, asked, name, standing = false }) {
  const given = asked.data?.groups ?? [];
  const groups = standing ? given : [...given].sort((one, other) => other.amount - one.amount);
  const currency = asked.data?.currency;
  return html`
    <figure class="chart ${standing ? 'wide' : ''}">
      <figcaption><h2>${title}</h2></figcaption>
      <${Empty} asked=${asked} empty=${t('console.spend.none')} count=${groups.length} />
      ${
        groups.length > 0 &&
        html`
          <${BarChart} label=${title} currency=${currency} standing=${standing} bars=${groups.map((/** @type {any} */ group) => ({ name: name(group.key), amount: group.amount }))} />
          <table>
            <thead>
              <tr><th scope="col">${first}</th><th scope="col" class="right">${t('console.spend.messages')}</th><th scope="col" class="right">${t('console.spend.amount')}</th></tr>
            </thead>
            <tbody>
              ${groups.map(
                (/** @type {any} */ group) => html`
                  <tr key=${group.key}><th scope="row">${name(group.key)}</th><td class="right">${number(group.messages)}</td><td class="right">${money(group.amount, currency)}</td></tr>
                `,
              )}
            </tbody>
          </table>
        `
      }
    </figure>
  `;
}
