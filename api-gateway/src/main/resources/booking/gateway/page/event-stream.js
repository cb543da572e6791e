import { SILENCE_MILLIS, StreamConnection } from './stream-connection.js';

/**
 * @typedef {object} StreamReader
 * @property {(result: import('./gateway.js').Result) => void} onResult
 * @property {(event: import('./box-office.js').BookableEvent) => void} onAvailability
 * @property {(gap: 'none' | 'some' | 'all') => void} onMissed what was before is not known: the state is to be read, and
 *     where the stream told of a gap, nothing that is known counts any more; `all` when the log is another one
 * @property {(connected: boolean) => void} onConnection nothing that was missed is still to come, or the connection is lost
 * @property {() => void} onState something else about the connection has changed
 */
/** @typedef {import('./sse-parser.js').StreamEvent} StreamEvent */
/** @typedef {import('./stream-connection.js').ConnectionState} ConnectionState */
/**
 * @typedef {{kind: 'who'} | {kind: 'began'} | {kind: 'events', events: StreamEvent[], lastEventId: string}
 *     | {kind: 'state', state: ConnectionState, lastEventId: string}} Message what tabs tell each other
 */

/** So soon the tab that reads the stream answers one that has come. */
const ANSWER_MILLIS = 5_000;

/**
 * The live stream of all events. When it breaks it comes back with the last id, so nothing is missed.
 *
 * Browsers keep six connections to a server, for all tabs together, and a stream takes one for as long as it is open. So the
 * tabs with the same key share one: the one that was last looked at reads it and tells the others. Each knows how far it has
 * been told, and goes on from there when it takes over. Where browsers keep such things from pages (as from those that came
 * without TLS from another machine), each tab reads its own while somebody looks at it.
 */
export class EventStream {
    #gateway;
    #keyring;
    #reader;
    #lastEventId = '';
    /** Whether the state that the stream's events change has been read. */
    #begun = false;
    /** @type {BroadcastChannel | undefined} */
    #others;
    /** Ends this tab's reading, while it is the one that reads. @type {AbortController | undefined} */
    #reading;
    #takeOver = () => {};
    #timer = 0;

    /** How often the connection was lost. */
    losses = 0;
    /** Whether this connection has brought a result: to those who have a key for one user it brings none. */
    tellsResults = false;
    /** @type {ConnectionState} */
    state = { connected: false, trying: false, catchingUp: false, keyless: false, forbidden: false };

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
        document.addEventListener('visibilitychange', () => this.#whenSeen(() => this.#takeOver()));
        for (;;) {
            const over = new AbortController();
            void this.#keyring.next().then(() => over.abort());
            const name = await nameOfGroup(this.#keyring.key);
            await (name === undefined ? this.#readWhileSeen(over.signal) : this.#takePart(name, over.signal));
            // With another key, it is another stream.
            this.#lastEventId = '';
            this.#begun = false;
            this.tellsResults = false;
        }
    }

    /**
     * Shares the stream with the other tabs of this name.
     *
     * @param {string} name
     * @param {AbortSignal} over
     */
    async #takePart(name, over) {
        const others = new BroadcastChannel(name);
        others.onmessage = ({ data }) => this.#hear(data);
        this.#others = others;
        this.#tell({ kind: 'who' });
        this.#awaitWord(ANSWER_MILLIS);
        over.addEventListener('abort', () => this.#reading?.abort());
        let steal = false;
        while (!over.aborted) {
            const waiting = new AbortController();
            const withdraw = () => waiting.abort();
            over.addEventListener('abort', withdraw);
            this.#takeOver = () => {
                steal = true;
                withdraw();
            };
            const options = steal ? { steal } : { signal: waiting.signal };
            steal = false;
            try {
                await navigator.locks.request(name, options, async () => {
                    this.#takeOver = () => {};
                    this.#reading = new AbortController();
                    await this.#readUntil(this.#reading.signal);
                });
            } catch (failure) {
                // Withdrawn, or another tab has taken over.
                if (!(failure instanceof DOMException && failure.name === 'AbortError')) {
                    throw failure;
                }
            } finally {
                over.removeEventListener('abort', withdraw);
                this.#reading?.abort();
                this.#reading = undefined;
            }
            this.#awaitWord(SILENCE_MILLIS);
        }
        clearTimeout(this.#timer);
        this.#takeOver = () => {};
        this.#others = undefined;
        others.close();
    }

    /**
     * Reads for itself alone, and only while somebody looks: what came meanwhile is given to it then.
     *
     * @param {AbortSignal} over
     */
    async #readWhileSeen(over) {
        while (!over.aborted) {
            const turned = new AbortController();
            const turn = () => turned.abort();
            document.addEventListener('visibilitychange', turn, { once: true });
            over.addEventListener('abort', turn);
            if (document.visibilityState === 'visible') {
                await this.#readUntil(turned.signal);
            } else {
                await new Promise((resolve) => turned.signal.addEventListener('abort', resolve));
            }
            document.removeEventListener('visibilitychange', turn);
            over.removeEventListener('abort', turn);
        }
    }

    /** @param {AbortSignal} stop */
    async #readUntil(stop) {
        clearTimeout(this.#timer);
        const stopped = new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
        if (stop.aborted) {
            return;
        }
        const before = { lastEventId: this.#lastEventId, connected: this.state.connected };
        const ifGoingOn = (/** @type {() => void} */ act) => {
            if (!stop.aborted) {
                act();
            }
        };
        const connection = new StreamConnection(this.#gateway, before, {
            onEvents: (events, lastEventId) =>
                ifGoingOn(() => {
                    this.#take(events, lastEventId);
                    this.#tell({ kind: 'events', events, lastEventId });
                }),
            onBegan: (idRefused) =>
                ifGoingOn(() => {
                    this.#begin(idRefused);
                    this.#tell({ kind: 'began' });
                }),
            onState: (state) =>
                ifGoingOn(() => {
                    this.#set(state);
                    this.#tellState();
                }),
        });
        void connection.run(stop);
        await stopped;
    }

    /** @param {Message} message of another tab */
    #hear(message) {
        if (this.#reading) {
            if (message.kind === 'who') {
                this.#tellState();
            }
            return;
        }
        if (message.kind === 'who') {
            return;
        }
        this.#awaitWord(SILENCE_MILLIS);
        if (message.kind === 'events') {
            this.#take(message.events, message.lastEventId);
        } else if (message.kind === 'began') {
            this.#begin(this.#begun);
        } else {
            this.#lastEventId = message.lastEventId;
            if (message.state.connected && !this.#begun) {
                this.#begin(false);
            }
            this.#set(message.state);
        }
    }

    /** When the tab that reads says nothing for so long, this one takes over, if anybody looks at it. @param {number} millis */
    #awaitWord(millis) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#whenSeen(() => this.#takeOver());
            this.#awaitWord(millis);
        }, millis);
    }

    /** @param {() => void} act */
    #whenSeen(act) {
        if (document.visibilityState === 'visible') {
            act();
        }
    }

    #tellState() {
        this.#tell({ kind: 'state', state: this.state, lastEventId: this.#lastEventId });
    }

    /** @param {Message} message */
    #tell(message) {
        this.#others?.postMessage(message);
    }

    /** @param {boolean} anew whether there is something that was known before */
    #begin(anew) {
        this.#begun = true;
        this.#reader.onMissed(anew ? 'some' : 'none');
    }

    /**
     * @param {StreamEvent[]} events
     * @param {string} lastEventId
     */
    #take(events, lastEventId) {
        this.#lastEventId = lastEventId;
        for (const { type, data } of events) {
            if (type === 'result') {
                this.tellsResults = true;
                this.#reader.onResult(JSON.parse(data));
            } else if (type === 'availability') {
                this.#reader.onAvailability(JSON.parse(data));
            } else if (type === 'gap') {
                // A gap in a topic names it; without, the topics themselves are others.
                this.#reader.onMissed(JSON.parse(data).topic ? 'some' : 'all');
            }
        }
    }

    /** @param {ConnectionState} state */
    #set(state) {
        const { connected } = this.state;
        this.state = state;
        if (connected === state.connected) {
            this.#reader.onState();
            return;
        }
        if (connected) {
            this.losses++;
            this.tellsResults = false;
        }
        this.#reader.onConnection(state.connected);
    }
}

/**
 * @param {string} key
 * @returns {Promise<string | undefined>} what tabs call themselves that have this page, in this version, with this key;
 *     nothing where they cannot share anything
 */
async function nameOfGroup(key) {
    try {
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
        const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
        const name = `booking.stream ${new URL('.', import.meta.url).pathname} ${hex}`;
        await navigator.locks.query();
        new BroadcastChannel(name).close();
        return name;
    } catch {
        return undefined;
    }
}
