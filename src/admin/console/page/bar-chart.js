import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { minorUnits, money } from './format.js';
import { t } from './words.js';

/**
 * Bars of money; the numbers stand in a table beside it, so the picture itself is one image to a screen reader.
 * @param {{ label: string, currency: string, bars: { name: string, amount: number }[], standing?: boolean }} props
 */
export function BarChart({ label, currency, bars, standing = false }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const drawn = JSON.stringify([label, currency, bars]);
  useEffect(() => {
    /** @type {import('chart.js').Chart | undefined} */
    let chart;
    let gone = false;
    const draw = async () => {
      const { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } = await import('chart.js');
      if (gone || canvas.current === null) return;
      Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);
      chart?.destroy();
      chart = new Chart(canvas.current, settings(bars, currency, standing));
    };
    void draw();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      gone = true;
      dark.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [drawn]);
  const shape = standing ? 'standing' : `rows-${Math.min(10, bars.length)}`;
  return html`
    <div class="canvas ${shape}"><canvas ref=${canvas} role="img" aria-label=${t('console.spend.picture', { title: label })}></canvas></div>
  `;
}

/** @param {{ name: string, amount: number }[]} bars @param {string} currency @param {boolean} standing @returns {import('chart.js').ChartConfiguration<'bar'>} */
function settings(bars, currency, standing) {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const value = {
    beginAtZero: true,
    grid: { color: colour('--line') },
    border: { display: false },
    ticks: {
      color: colour('--muted'),
      maxTicksLimit: 5,
      callback: (/** @type {string | number} */ units) => money(Number(units) * minorUnits(currency), currency),
    },
  };
  const names = {
    grid: { display: false },
    border: { color: colour('--line') },
    ticks: { color: colour('--text'), autoSkip: standing },
  };
  return {
    type: 'bar',
    data: {
      labels: bars.map(({ name }) => name),
      datasets: [
        {
          data: bars.map(({ amount }) => amount / minorUnits(currency)),
          backgroundColor: colour('--accent'),
          borderRadius: 4,
          maxBarThickness: 26,
        },
      ],
    },
    options: {
      indexAxis: standing ? 'x' : 'y',
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      font: { family: style.fontFamily },
      scales: standing ? { x: names, y: value } : { x: value, y: names },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: (item) => money(bars[item.dataIndex]?.amount ?? 0, currency) } },
      },
    },
  };
}
