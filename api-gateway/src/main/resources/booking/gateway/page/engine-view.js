import { html } from './lit-html.js';
import { LiveChart } from './live-chart.js';
import { duration, number } from './words.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('./engine.js').Sample} Sample */

const rounded = (/** @type {number} */ value) => number(Math.round(value * 10) / 10);
const seconds = (/** @type {number} */ value) => duration(value * 1_000);

/**
 * @typedef {object} Chart
 * @property {string} id
 * @property {string} title
 * @property {string} says what it is
 * @property {(value: number) => string} unit
 * @property {{name: string, colour: string, of: (sample: Sample) => number | undefined}[]} lines
 */

/** @type {Chart[]} */
const CHARTS = [
    {
        id: 'decisions',
        title: 'Decisions per second',
        says: 'How the engine answered, whoever asked.',
        unit: rounded,
        lines: [
            { name: 'accepted', colour: '--good', of: ({ decisions }) => decisions.ACCEPTED ?? 0 },
            { name: 'refused', colour: '--refused', of: ({ decisions }) => decisions.REJECTED ?? 0 },
        ],
    },
    {
        id: 'latency',
        title: 'From the log to the result',
        says: 'From a command’s place in the log until its result is here, whoever asked and whether or not they waited.',
        unit: seconds,
        lines: [
            { name: 'half', colour: '--accent', of: ({ median }) => median },
            { name: '99 of 100', colour: '--held', of: ({ slow }) => slow },
        ],
    },
    {
        id: 'lag',
        title: 'Not decided yet',
        says: 'How far the processors are behind the end of the log.',
        unit: rounded,
        lines: [{ name: 'offsets', colour: '--accent', of: ({ lag }) => lag }],
    },
    {
        id: 'batch',
        title: 'Commands in one transaction',
        says: 'On average, of the decisions of the last ten seconds.',
        unit: rounded,
        lines: [{ name: 'commands', colour: '--accent', of: ({ batch }) => batch }],
    },
    {
        id: 'waiting',
        title: 'Waiting for an answer',
        says: 'Requests at this gateway whose result has not come yet.',
        unit: rounded,
        lines: [{ name: 'requests', colour: '--accent', of: ({ waiting }) => waiting }],
    },
    {
        id: 'dead-letters',
        title: 'Dead letters',
        says: 'Records that were no command and could be answered to nobody, since the gateway started.',
        unit: rounded,
        lines: [{ name: 'records', colour: '--refused', of: ({ deadLetters }) => deadLetters }],
    },
];

/** By the place that they are in, for as long as that is shown. @type {Map<Element, LiveChart>} */
const drawn = new Map();

/** @param {Page} page */
export function engineView(page) {
    const { engine } = page;
    return html`<section class="engine" aria-labelledby="view-title">
        <h1 id="view-title" tabindex="-1">Engine room</h1>
        <p class="lead">
            What the gateway knows of the engine, once a second; the last two minutes. All of it is at
            <a href="metrics">/metrics</a>.
        </p>
        ${engine.trouble ? html`<p class="trouble" role="alert">The metrics cannot be read: ${engine.trouble}</p>` : ''}
        <ul class="charts">
            ${CHARTS.map((chart) => card(chart, engine.latest))}
        </ul>
        ${reasons(engine.samples)}
    </section>`;
}

/**
 * @param {Chart} chart
 * @param {Sample | undefined} latest
 */
function card(chart, latest) {
    return html`<li class="chart" data-chart=${chart.id}>
        <h2>${chart.title}</h2>
        <p class="values">
            ${chart.lines.map((line) => {
                const value = latest && line.of(latest);
                return html`<span class="value"
                    ><i .style=${`background:var(${line.colour})`} aria-hidden="true"></i>
                    <b>${value === undefined ? '–' : chart.unit(value)}</b> ${line.name}</span
                >`;
            })}
        </p>
        <div class="plot" data-plot=${chart.id} role="img" aria-label="${chart.title} over the last two minutes"></div>
        <p class="small">${chart.says}</p>
    </li>`;
}

/** @param {Sample[]} samples */
function reasons(samples) {
    /** @type {Map<string, number>} */
    const sums = new Map();
    const recent = samples.slice(-30);
    for (const { refusals } of recent) {
        for (const [reason, rate] of Object.entries(refusals)) {
            if (reason !== 'none') {
                sums.set(reason, (sums.get(reason) ?? 0) + rate / recent.length);
            }
        }
    }
    const rows = [...sums].filter(([, rate]) => rate > 0).sort((a, b) => b[1] - a[1]);
    return html`<section aria-labelledby="reasons-title">
        <h2 id="reasons-title">Why people were refused, last half minute</h2>
        ${rows.length === 0
            ? html`<p class="small">Nobody was.</p>`
            : html`<table>
                  <thead>
                      <tr>
                          <th scope="col">Reason</th>
                          <th scope="col">Per second</th>
                      </tr>
                  </thead>
                  <tbody>
                      ${rows.map(
                          ([reason, rate]) =>
                              html`<tr>
                                  <td><code class="reason">${reason}</code></td>
                                  <td>${rounded(rate)}</td>
                              </tr>`,
                      )}
                  </tbody>
              </table>`}
    </section>`;
}

/**
 * Draws what the template leaves room for.
 *
 * @param {Page} page
 */
export function drawCharts(page) {
    for (const [place, plot] of drawn) {
        if (!place.isConnected) {
            // It listens to the window, which would keep it and all that it has drawn.
            plot.destroy();
            drawn.delete(place);
        }
    }
    for (const place of document.querySelectorAll('[data-plot]')) {
        const chart = CHARTS.find(({ id }) => id === /** @type {HTMLElement} */ (place).dataset.plot);
        if (chart) {
            const plot = drawn.get(place) ?? new LiveChart(/** @type {HTMLElement} */ (place), chart);
            drawn.set(place, plot);
            plot.draw(page.engine.samples);
        }
    }
}
