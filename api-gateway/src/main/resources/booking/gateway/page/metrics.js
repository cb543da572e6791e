/**
 * @typedef {object} Series one line of Prometheus' text format
 * @property {Record<string, string>} labels
 * @property {number} value
 */

/** What a service told of itself at one moment. */
export class Metrics {
    /** @type {Map<string, Series[]>} */
    #byName = new Map();

    /**
     * @param {string} name
     * @param {Series} series
     */
    add(name, series) {
        const known = this.#byName.get(name);
        if (known) {
            known.push(series);
        } else {
            this.#byName.set(name, [series]);
        }
    }

    /** @param {string} name */
    series(name) {
        return this.#byName.get(name) ?? [];
    }

    /**
     * @param {string} name
     * @returns {number | undefined} of all series of this name; undefined when there are none, or one is not known now
     */
    sum(name) {
        const series = this.series(name);
        const sum = series.reduce((total, { value }) => total + value, 0);
        return series.length === 0 || Number.isNaN(sum) ? undefined : sum;
    }
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * @param {string} text
 * @returns {Metrics}
 */
export function parseMetrics(text) {
    const metrics = new Metrics();
    for (const line of text.split('\n')) {
        const match = line.startsWith('#') ? null : LINE.exec(line);
        if (match) {
            /** @type {Record<string, string>} */
            const labels = {};
            for (const [, name, value] of (match[2] ?? '').matchAll(LABEL)) {
                labels[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
            }
            metrics.add(match[1], { labels, value: number(match[3]) });
        }
    }
    return metrics;
}

/** @param {string} text */
const number = (text) => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

/**
 * How much counters grew each second, by one of their labels.
 *
 * @param {string} label
 * @param {string} name
 * @param {Metrics} before
 * @param {Metrics} now
 * @param {number} seconds between the two
 * @returns {Record<string, number>}
 */
export function rateBy(label, name, before, now, seconds) {
    const total = (/** @type {Metrics} */ metrics) => {
        /** @type {Record<string, number>} */
        const sums = {};
        for (const { labels, value } of metrics.series(name)) {
            const key = labels[label] ?? '';
            sums[key] = (sums[key] ?? 0) + value;
        }
        return sums;
    };
    const old = total(before);
    // A counter that has become smaller began anew.
    const grown = (/** @type {string} */ key, /** @type {number} */ value) =>
        value >= (old[key] ?? 0) ? value - (old[key] ?? 0) : value;
    return Object.fromEntries(Object.entries(total(now)).map(([key, value]) => [key, grown(key, value) / seconds]));
}

/**
 * A quantile of what a histogram counted between two looks, by linear interpolation in its bucket, as Prometheus'
 * `histogram_quantile` has it.
 *
 * @param {number} share such as 0.99
 * @param {string} name
 * @param {Metrics} before
 * @param {Metrics} now
 * @returns {number | undefined} undefined when nothing was counted
 */
export function quantile(share, name, before, now) {
    const cumulative = (/** @type {Metrics} */ metrics) => {
        /** @type {Map<number, number>} */
        const sums = new Map();
        for (const { labels, value } of metrics.series(name + '_bucket')) {
            const end = number(labels.le);
            sums.set(end, (sums.get(end) ?? 0) + value);
        }
        return sums;
    };
    const old = cumulative(before);
    const buckets = [...cumulative(now)]
        .map(([end, value]) => ({ end, count: Math.max(0, value - (old.get(end) ?? 0)) }))
        .sort((a, b) => a.end - b.end);
    const all = buckets.at(-1)?.count ?? 0;
    if (all === 0) {
        return undefined;
    }
    const wanted = share * all;
    let start = 0;
    let below = 0;
    for (const { end, count } of buckets) {
        if (count >= wanted) {
            return end === Infinity ? start : start + ((end - start) * (wanted - below)) / (count - below);
        }
        start = end;
        below = count;
    }
    return start;
}
