import uPlot from './uPlot.esm.js';
import { colour } from './theme.js';

const HEIGHT = 110;
const SPAN_SECONDS = 120;

/** A small chart of the last two minutes. */
export class LiveChart {
    #place;
    #chart;
    /** @type {any} */
    #plot;
    #drawnWith = '';

    /**
     * @param {HTMLElement} place
     * @param {import('./engine-view.js').Chart} chart
     */
    constructor(place, chart) {
        this.#place = place;
        this.#chart = chart;
    }

    /** @param {import('./engine.js').Sample[]} samples */
    draw(samples) {
        const width = this.#place.clientWidth;
        const last = samples.at(-1)?.at ?? 0;
        const look = [document.documentElement.dataset.theme, matchMedia('(prefers-color-scheme: dark)').matches, width].join();
        const drawnWith = look + last;
        if (width === 0 || drawnWith === this.#drawnWith) {
            return;
        }
        if (!this.#drawnWith.startsWith(look)) {
            this.#plot?.destroy();
            this.#plot = new uPlot(this.#options(width), undefined, this.#place);
        }
        this.#drawnWith = drawnWith;
        const times = samples.map(({ at }) => at);
        const values = this.#chart.lines.map((line) => samples.map((sample) => line.of(sample) ?? null));
        this.#plot.setData([times, ...values], false);
        this.#plot.setScale('x', { min: last - SPAN_SECONDS, max: last });
        const most = Math.max(0, ...values.flat().map((value) => value ?? 0));
        this.#plot.setScale('y', { min: 0, max: most > 0 ? most * 1.15 : 1 });
    }

    destroy() {
        this.#plot?.destroy();
    }

    /** @param {number} width */
    #options(width) {
        const axis = { stroke: colour('--muted'), grid: { stroke: colour('--rule'), width: 1 }, ticks: { show: false } };
        return {
            width,
            height: HEIGHT,
            padding: [8, 8, 8, 0],
            cursor: { show: false },
            legend: { show: false },
            scales: { x: { time: true, auto: false }, y: { auto: false } },
            axes: [
                { show: false },
                {
                    ...axis,
                    size: 52,
                    font: '11px system-ui',
                    splits: (/** @type {any} */ plot) => [0, plot.scales.y.max / 2, plot.scales.y.max / 1.15],
                    values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map((value) => this.#chart.unit(value)),
                },
            ],
            series: [
                {},
                ...this.#chart.lines.map((line) => ({
                    stroke: colour(line.colour),
                    fill: colour(line.colour).replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)'),
                    width: 1.6,
                    points: { show: false },
                    spanGaps: true,
                })),
            ],
        };
    }
}
