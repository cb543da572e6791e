/**
 * @typedef {object} StreamEvent
 * @property {string} type what the stream calls it
 * @property {string} data
 */

/**
 * Reads server-sent events as the HTML standard has them (section 9.2.6, interpreting an event stream), from pieces that
 * may be cut anywhere. `EventSource` does the same, but cannot send a key along.
 */
export class SseParser {
    #rest = '';
    #afterCarriageReturn = false;
    #type = '';
    /** @type {string[]} */
    #data = [];
    #newId = '';
    /** Whether this event has an id of its own, and so far nothing else. */
    #idAlone = false;

    /** The id of the last event, with which a reader comes back. */
    lastEventId = '';
    /** Whether an id has come without data since the connection began: the gateway says so that nothing is missing. */
    reached = false;

    /** @param {string} lastEventId of an event that was read before */
    goOnFrom(lastEventId) {
        this.lastEventId = lastEventId;
        this.#newId = lastEventId;
    }

    /**
     * @param {string} piece
     * @returns {StreamEvent[]} the events that this piece completes
     */
    read(piece) {
        let text = piece;
        if (this.#afterCarriageReturn && text.startsWith('\n')) {
            text = text.slice(1);
        }
        if (piece !== '') {
            this.#afterCarriageReturn = piece.endsWith('\r');
        }
        const lines = (this.#rest + text).split(/\r\n|\r|\n/);
        this.#rest = lines.pop() ?? '';
        /** @type {StreamEvent[]} */
        const events = [];
        for (const line of lines) {
            const event = this.#line(line);
            if (event) {
                events.push(event);
            }
        }
        return events;
    }

    /** Forgets what was begun, as the connection has ended in the middle of it. The last id stays. */
    restart() {
        this.#rest = '';
        this.#afterCarriageReturn = false;
        this.#type = '';
        this.#data = [];
        this.#newId = this.lastEventId;
        this.#idAlone = false;
        this.reached = false;
    }

    /** @param {string} line */
    #line(line) {
        if (line === '') {
            return this.#dispatch();
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') {
            this.#type = value;
        } else if (field === 'data') {
            this.#data.push(value);
        } else if (field === 'id' && !value.includes('\0')) {
            this.#newId = value;
            this.#idAlone = true;
        }
        return undefined;
    }

    #dispatch() {
        this.lastEventId = this.#newId;
        this.reached ||= this.#idAlone && this.#data.length === 0;
        this.#idAlone = false;
        const event = this.#data.length > 0 ? { type: this.#type || 'message', data: this.#data.join('\n') } : undefined;
        this.#type = '';
        this.#data = [];
        return event;
    }
}

/**
 * Reads a stream of bytes to its end.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {SseParser} parser which begins a new connection
 * @returns {AsyncGenerator<StreamEvent[]>} the events that each piece completes: it may be none
 */
export async function* readEvents(body, parser) {
    parser.restart();
    // Takes a byte order mark from the start, and puts characters together that are cut.
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
        const { value, done } = await reader.read();
        if (done) {
            return;
        }
        yield parser.read(value);
    }
}
