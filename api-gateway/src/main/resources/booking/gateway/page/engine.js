import { parseMetrics, quantile, rateBy } from './metrics.js';

const EVERY_MILLIS = 1_000;
const REMEMBERED = 120;
const DECISIONS = 'booking_decisions_seen_total';
const AGE = 'booking_decisions_seen_age_seconds';

/**
 * @typedef {object} Sample what the engine did between two looks; a number that is not known is undefined
 * @property {number} at seconds since 1970
 * @property {Record<string, number>} decisions a second, by outcome
 * @property {Record<string, number>} refusals a second, by reason
 * @property {number | undefined} median seconds from a command's place in the log to its result
 * @property {number | undefined} slow the same, for 99 of 100
 * @property {number | undefined} lag offsets of the log that the processors have not come to
 * @property {number | undefined} deadLetters
 * @property {number | undefined} batch commands in one transaction, on average
 * @property {number | undefined} waiting requests that wait for their results
 * @property {number | undefined} streams
 */

/** Looks at the gateway's metrics while somebody watches. */
export class Engine {
    #gateway;
    #changed;
    #timer = 0;
    /** @type {{at: number, metrics: import('./metrics.js').Metrics} | undefined} */
    #last;
    #looking = false;

    /** @type {Sample[]} the oldest first */
    samples = [];
    trouble = '';

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {() => void} changed
     */
    constructor(gateway, changed) {
        this.#gateway = gateway;
        this.#changed = changed;
    }

    /** @param {boolean} watched */
    watch(watched) {
        clearInterval(this.#timer);
        this.#timer = 0;
        if (watched) {
            this.#timer = setInterval(() => this.#look(), EVERY_MILLIS);
            void this.#look();
        }
    }

    get latest() {
        return this.samples.at(-1);
    }

    /** One at a time: answers that are slow would take all connections that a browser has, and come in another order. */
    async #look() {
        if (this.#looking || document.visibilityState === 'hidden') {
            return;
        }
        this.#looking = true;
        try {
            const response = await this.#gateway.fetch('metrics', { patienceMillis: 10 * EVERY_MILLIS });
            if (!response.ok) {
                throw new Error(`the answer was ${response.status}`);
            }
            this.#take(parseMetrics(await response.text()));
            this.trouble = '';
        } catch (failure) {
            this.#last = undefined;
            this.trouble = failure instanceof Error ? failure.message : String(failure);
        }
        this.#looking = false;
        this.#changed();
    }

    /** @param {import('./metrics.js').Metrics} metrics */
    #take(metrics) {
        const at = Date.now() / 1_000;
        const before = this.#last;
        this.#last = { at, metrics };
        if (!before) {
            return;
        }
        const seconds = Math.max(0.001, at - before.at);
        this.samples.push({
            at,
            decisions: rateBy('outcome', DECISIONS, before.metrics, metrics, seconds),
            refusals: rateBy('reason', DECISIONS, before.metrics, metrics, seconds),
            median: quantile(0.5, AGE, before.metrics, metrics),
            slow: quantile(0.99, AGE, before.metrics, metrics),
            lag: metrics.sum('booking_undecided_commands'),
            deadLetters: metrics.sum('booking_dead_letters_seen_total'),
            batch: metrics.sum('booking_recent_batch_commands'),
            waiting: metrics.sum('booking_waiting'),
            streams: metrics.sum('booking_streams_open'),
        });
        this.samples = this.samples.slice(-REMEMBERED);
    }
}
