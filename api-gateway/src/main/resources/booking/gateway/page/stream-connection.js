import { Backoff, pause } from './retry.js';
import { readEvents, SseParser } from './sse-parser.js';

/** The gateway sends something every 15 s; longer silence means that the connection is dead. */
export const SILENCE_MILLIS = 35_000;
const LISTEN_MILLIS = 1_000;

/** The steady clock may stand still while the computer sleeps; the other may be set. */
const now = () => ({ clock: Date.now(), steady: performance.now() });

/** @param {{clock: number, steady: number}} then */
const millisSince = (then) => Math.max(Date.now() - then.clock, performance.now() - then.steady);

/**
 * @typedef {object} ConnectionState
 * @property {boolean} connected nothing that was missed is still to come
 * @property {boolean} trying whether it has failed to connect, and is trying again
 * @property {boolean} catchingUp whether it is given what was missed
 * @property {boolean} keyless whether it wants a key, or one that allows more
 * @property {boolean} forbidden whether it has a key that does not allow this
 */
/**
 * @typedef {object} ConnectionListener
 * @property {(events: import('./sse-parser.js').StreamEvent[], lastEventId: string) => void} onEvents
 * @property {(idRefused: boolean) => void} onBegan the stream goes on from nowhere: what was before is not known; whether
 *     that is because the id from which it was to go on is none to this gateway
 * @property {(state: ConnectionState) => void} onState
 */

/** The gateway's stream of all events, as one tab reads it: when it breaks, it begins again with the last id. */
export class StreamConnection {
    #gateway;
    #listener;
    #parser = new SseParser();
    #state;

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {{lastEventId: string, connected: boolean}} before up to where everything is known, and whether it is to be
     *     taken for connected until that fails
     * @param {ConnectionListener} listener
     */
    constructor(gateway, { lastEventId, connected }, listener) {
        this.#gateway = gateway;
        this.#listener = listener;
        this.#parser.goOnFrom(lastEventId);
        this.#state = { connected, trying: false, catchingUp: false, keyless: false, forbidden: false };
    }

    /**
     * Reads until it is told to stop, or a key is wanted.
     *
     * @param {AbortSignal} stop
     */
    async run(stop) {
        const backoff = new Backoff();
        while (!stop.aborted && !this.#state.keyless) {
            if (await this.#readUntilItBreaks(stop)) {
                backoff.reset();
            }
            if (stop.aborted) {
                return;
            }
            this.#set({ connected: false, trying: !this.#state.keyless, catchingUp: false });
            await pause(backoff.next());
        }
    }

    /**
     * @param {AbortSignal} stop
     * @returns {Promise<boolean>} whether there was a stream at all
     */
    async #readUntilItBreaks(stop) {
        const silence = new AbortController();
        const abort = () => silence.abort();
        stop.addEventListener('abort', abort);
        let heard = now();
        const listening = setInterval(() => {
            if (millisSince(heard) > SILENCE_MILLIS) {
                abort();
            }
        }, LISTEN_MILLIS);
        let began = false;
        try {
            const { lastEventId } = this.#parser;
            const response = await this.#gateway.fetch('v1/stream', {
                headers: { Accept: 'text/event-stream', ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
                signal: silence.signal,
            });
            if (response.status === 400 && lastEventId) {
                // The id means nothing to this gateway: begin anew.
                this.#parser = new SseParser();
                this.#listener.onBegan(true);
                return true;
            }
            this.#state.forbidden = response.status === 403;
            this.#state.keyless = response.status === 401 || this.#state.forbidden;
            if (!response.ok || !response.body) {
                return false;
            }
            this.#set({ catchingUp: lastEventId !== '' });
            for await (const events of readEvents(response.body, this.#parser)) {
                heard = now();
                this.#listener.onEvents(events, this.#parser.lastEventId);
                if (!began && this.#parser.reached) {
                    began = true;
                    if (!lastEventId) {
                        // First the stream, then the state: nothing falls between the two.
                        this.#listener.onBegan(false);
                    }
                    this.#set({ connected: true, catchingUp: false });
                }
            }
            return began;
        } catch {
            return began;
        } finally {
            clearInterval(listening);
            stop.removeEventListener('abort', abort);
            silence.abort();
        }
    }

    /** @param {Partial<ConnectionState>} changes */
    #set(changes) {
        Object.assign(this.#state, changes);
        this.#listener.onState({ ...this.#state });
    }
}
