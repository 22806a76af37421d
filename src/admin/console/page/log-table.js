import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { callAllPages, withQuery } from './api.js';
import { dayIn, endOfDay, startOfDay } from './branch-day.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { LogFilter } from './log-filter.js';
import { LogRow, momentOf } from './log-row.js';
import { useNow } from './now.js';
import { Pager } from './pager.js';
import { go, link } from './route.js';
import { without } from './without.js';
import { t } from './words.js';

const ROWS = 50;

/**
 * The log of some days, newest first: today's unless days or a patient were chosen. What is planned for later is not in it,
 * unless asked for by its status.
 * @param {{ branch: import('./shapes.js').Branch, params: Readonly<Record<string, string>> }} props
 */
export function LogTable({ branch, params }) {
  const now = useNow();
  const [page, setPage] = useState(0);
  const chosen = without(params, 'tab');
  const today = now === null || chosen['patient'] ? undefined : dayIn(now, branch.timezone);
  const filter = { ...(today && !chosen['from'] && !chosen['to'] && { from: today, to: today }), ...chosen };
  const { from, to } = filter;
  const query = {
    ...filter,
    branch: branch.id,
    from: from && startOfDay(from, branch.timezone),
    to: to && endOfDay(to, branch.timezone),
  };
  const asked = useData(now === null ? null : withQuery('/messages', query), callAllPages);
  /** @type {import('./shapes.js').Message[]} */
  const items = asked.data?.items ?? [];
  const shown = items
    .filter((message) => chosen['status'] === 'planned' || message.status !== 'planned' || isDue(message, now))
    .sort((one, other) => Date.parse(momentOf(other)) - Date.parse(momentOf(one)));
  const change = (/** @type {Record<string, string>} */ next) => {
    setPage(0);
    go(link('messages', { ...chosen, ...next }), true);
  };
  return html`
    <${LogFilter} filter=${filter} onChange=${change} />
    <${Empty} asked=${asked} empty=${t('console.log.none')} count=${asked.data && shown.length} />
    ${shown.length > 0 && html`<${Table} messages=${shown.slice(page * ROWS, (page + 1) * ROWS)} />`}
    <${Pager} page=${page} last=${(page + 1) * ROWS >= shown.length} onTurn=${setPage} />
  `;
}

/** @param {import('./shapes.js').Message} message @param {Date | null} now */
function isDue(message, now) {
  return now !== null && Date.parse(message.dueAt) <= now.getTime();
}

/** @param {{ messages: import('./shapes.js').Message[] }} props */
function Table({ messages }) {
  return html`
    <div class="table-wrap">
      <table class="log">
        <caption class="unseen">${t('console.log.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">${t('console.log.at')}</th>
            <th scope="col">${t('console.log.scenario')}</th>
            <th scope="col">${t('console.log.patient')}</th>
            <th scope="col">${t('console.log.channel')}</th>
            <th scope="col">${t('console.log.status')}</th>
            <th scope="col" class="right">${t('console.log.price')}</th>
            <th scope="col"><span class="unseen">${t('console.log.more')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${messages.map((message) => html`<${LogRow} key=${message.id} message=${message} />`)}
        </tbody>
      </table>
    </div>
  `;
}
