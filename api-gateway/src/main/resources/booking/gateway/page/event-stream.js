import { Backoff, pause } from './retry.js';
import { readEvents, SseParser } from './sse-parser.js';

/** The gateway sends something every 15 s; longer silence means that the connection is dead. */
const SILENCE_MILLIS = 35_000;

/**
 * @typedef {object} StreamReader
 * @property {(result: import('./gateway.js').Result) => void} onResult
 * @property {(event: import('./box-office.js').BookableEvent) => void} onAvailability
 * @property {(gap: 'none' | 'some' | 'all') => void} onMissed what was before is not known: the state is to be read, and
 *     where the stream told of a gap, nothing that is known counts any more; `all` when the log is another one
 * @property {(connected: boolean) => void} onConnection
 */

/** The live stream of all events. When it breaks it comes back with the last id, so nothing is missed. */
export class EventStream {
    #gateway;
    #keyring;
    #reader;
    #parser = new SseParser();

    /** How often the connection was lost. */
    losses = 0;
    connected = false;
    /** Whether this connection has brought a result: to those who have a key for one user it brings none. */
    tellsResults = false;
    /** Whether it has failed to connect, and is trying again. */
    trying = false;
    /** Whether it wants a key, and waits for one. */
    keyless = false;

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {import('./keyring.js').Keyring} keyring
     * @param {StreamReader} reader
     */
    constructor(gateway, keyring, reader) {
        this.#gateway = gateway;
        this.#keyring = keyring;
        this.#reader = reader;
    }

    /** Reads for as long as the page is open. */
    async run() {
        const backoff = new Backoff();
        for (;;) {
            if (await this.#readUntilItBreaks()) {
                backoff.reset();
            }
            if (this.connected) {
                this.losses++;
            }
            this.trying = !this.keyless;
            this.#tell(false);
            await (this.keyless ? this.#keyring.next() : pause(backoff.next()));
            this.keyless = false;
        }
    }

    /** @returns {Promise<boolean>} whether there was a stream at all */
    async #readUntilItBreaks() {
        const silence = new AbortController();
        let timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
        let began = false;
        try {
            const lastEventId = this.#parser.lastEventId;
            const response = await this.#gateway.fetch('v1/stream', {
                headers: { Accept: 'text/event-stream', ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
                signal: silence.signal,
            });
            if (response.status === 400 && lastEventId) {
                // The id means nothing to this gateway: begin anew.
                this.#parser = new SseParser();
                this.#reader.onMissed('some');
                return true;
            }
            this.keyless = response.status === 401;
            if (!response.ok || !response.body) {
                return false;
            }
            this.tellsResults = false;
            for await (const events of readEvents(response.body, this.#parser)) {
                clearTimeout(timer);
                timer = setTimeout(() => silence.abort(), SILENCE_MILLIS);
                events.forEach((event) => this.#pass(event));
                if (!began && this.#parser.lastEventId) {
                    began = true;
                    if (!lastEventId) {
                        // First the stream, then the state: nothing falls between the two.
                        this.#reader.onMissed('none');
                    }
                    this.#tell(true);
                }
            }
            return began;
        } catch {
            return began;
        } finally {
            clearTimeout(timer);
            silence.abort();
        }
    }

    /** @param {import('./sse-parser.js').StreamEvent} event */
    #pass(event) {
        if (event.type === 'result') {
            this.tellsResults = true;
            this.#reader.onResult(JSON.parse(event.data));
        } else if (event.type === 'availability') {
            this.#reader.onAvailability(JSON.parse(event.data));
        } else if (event.type === 'gap') {
            // A gap in a topic names it; without, the topics themselves are others.
            this.#reader.onMissed(JSON.parse(event.data).topic ? 'some' : 'all');
        }
    }

    /** @param {boolean} connected */
    #tell(connected) {
        const changed = this.connected !== connected;
        this.connected = connected;
        if (changed) {
            this.#reader.onConnection(connected);
        }
    }
}
