import { mayHaveArrived, mayPass } from './gateway.js';
import { newCommandId, newSuffix } from './ids.js';
import { eventPath } from './page.js';
import { Backoff, pause } from './retry.js';

/** @typedef {import('./gateway.js').Result} Result */
/**
 * @typedef {object} Request one of the crowd
 * @property {string} commandId
 * @property {string} eventId
 * @property {string} userId
 * @property {number} number in the order of sending
 * @property {number} sentAt milliseconds of `performance.now()`; 0 before it is sent
 * @property {import('./gateway.js').Position} [position]
 * @property {string} [location]
 * @property {number} decidedAt 0 before it is
 * @property {Result} [result]
 * @property {boolean} [streamed] the stream has brought its result, by itself or once more
 * @property {import('./gateway.js').Problem} [problem] why it never came to the desk, as far as is known
 */
/**
 * @typedef {object} Lane the crowd's share of one partition
 * @property {number} partition
 * @property {Request[]} requests by offset
 * @property {number} decided
 * @property {number} winners
 * @property {number} lastOffset of the last result that the stream brought
 * @property {number} outOfOrder results that the stream brought after one that stood behind them
 */

/** Browsers keep six connections to a server, and one is the stream. */
const SENDERS = 5;
const ASK_AFTER_MILLIS = 6_000;
const FEED = 60;
/** How often the tables are looked into before it is said that they cannot be read. */
const LOOKS = 6;

/** A crowd that wants the same places: real requests over HTTP, and their results as the stream brings them. */
export class Rush {
    #gateway;
    #changed;
    /** @type {Map<string, Request>} */
    #byCommand = new Map();
    /** Those with a place, by event and in the order of the log. @type {Map<string, Request[]>} */
    #winners = new Map();
    /** @type {number[]} sorted when read */
    #latencies = [];
    #sorted = 0;
    /** The number of a request. */
    #lastAskedFor = 0;

    /** @type {Request[]} */
    requests = [];
    /** @type {Map<number, Lane>} */
    lanes = new Map();
    /** @type {Request[]} the latest decided, the newest first */
    feed = [];
    /** @type {string[]} */
    eventIds = [];
    sent = 0;
    taken = 0;
    decided = 0;
    winners = 0;
    failed = 0;
    startedAt = 0;
    endedAt = 0;
    /** What the tables say in the end. @type {{confirmed: number, bookings: number, agrees: boolean} | undefined} */
    audit = undefined;

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {() => void} changed
     */
    constructor(gateway, changed) {
        this.#gateway = gateway;
        this.#changed = changed;
    }

    get running() {
        return this.startedAt > 0 && this.endedAt === 0;
    }

    get refused() {
        return this.decided - this.winners;
    }

    /** Requests in the order of sending whose result is a place. */
    get winning() {
        return this.requests.filter((request) => request.result?.outcome === 'ACCEPTED');
    }

    get outOfOrder() {
        return [...this.lanes.values()].reduce((sum, lane) => sum + lane.outOfOrder, 0);
    }

    get seconds() {
        return this.startedAt === 0 ? 0 : ((this.endedAt || performance.now()) - this.startedAt) / 1_000;
    }

    /**
     * @param {Request} request
     * @returns {number | undefined} its place in its line, among those of the crowd that are known to stand there
     */
    rank({ position }) {
        const line = position && this.lanes.get(position.partition)?.requests;
        return line && insertionIndex(line, position.offset) + 1;
    }

    /**
     * @param {Request} request
     * @returns {Request | undefined} the last of the crowd before it that got a place of the same event
     */
    lastWinnerBefore({ eventId, position }) {
        const winners = this.#winners.get(eventId) ?? [];
        return position && winners[insertionIndex(winners, position.offset) - 1];
    }

    /** How many never came to the desk, by why. */
    get turnedAway() {
        /** @type {Map<string, number>} */
        const reasons = new Map();
        for (const { problem } of this.requests) {
            if (problem) {
                reasons.set(problem.reason, (reasons.get(problem.reason) ?? 0) + 1);
            }
        }
        return [...reasons].sort((a, b) => b[1] - a[1]);
    }

    /** @param {number} percent */
    percentile(percent) {
        if (this.#latencies.length === 0) {
            return undefined;
        }
        if (this.#sorted !== this.#latencies.length) {
            this.#latencies.sort((a, b) => a - b);
            this.#sorted = this.#latencies.length;
        }
        const index = Math.ceil((percent / 100) * this.#latencies.length) - 1;
        return this.#latencies[Math.max(0, index)];
    }

    /**
     * Sends the crowd off, and ends when all are answered.
     *
     * @param {string[]} eventIds shared out among the crowd in turn
     * @param {number} crowd
     */
    async run(eventIds, crowd) {
        const name = 'rush-' + newSuffix();
        this.eventIds = eventIds;
        this.requests = Array.from({ length: crowd }, (_, index) => ({
            commandId: newCommandId(),
            eventId: eventIds[index % eventIds.length],
            userId: `${name}-${String(index + 1).padStart(String(crowd).length, '0')}`,
            number: index + 1,
            sentAt: 0,
            decidedAt: 0,
        }));
        this.#byCommand = new Map(this.requests.map((request) => [request.commandId, request]));
        this.startedAt = performance.now();
        let next = 0;
        const sender = async () => {
            while (next < this.requests.length) {
                await this.#send(this.requests[next++]);
            }
        };
        await Promise.all(Array.from({ length: SENDERS }, sender));
        while (this.decided + this.failed < this.requests.length) {
            await pause(100);
            await this.#askForTheLate();
        }
        await this.#lookIntoTheTables();
        this.endedAt = Math.max(...this.requests.map((request) => request.decidedAt), this.startedAt);
        this.#changed();
    }

    /** @param {Request} request */
    async #send(request) {
        const path = eventPath(request.eventId) + '/bookings';
        const answer = await this.#gateway.write(
            'POST',
            path,
            { userId: request.userId },
            {
                commandId: request.commandId,
                prefer: 'respond-async',
                onSent: () => {
                    if (request.sentAt === 0) {
                        request.sentAt = performance.now();
                        this.sent++;
                    }
                },
            },
        );
        if (answer.kind === 'taken' && answer.position) {
            this.taken++;
            request.location = answer.location;
            this.#stand(request, answer.position);
        } else if (answer.result) {
            this.#take(request, answer.result);
        } else if (answer.problem) {
            const unknown = answer.lost && !mayHaveArrived(answer.problem);
            this.#turnAway(request, unknown ? { ...answer.problem, reason: 'OUTCOME_UNKNOWN' } : answer.problem);
        }
        this.#changed();
    }

    /**
     * @param {Request} request
     * @param {import('./gateway.js').Problem} problem
     */
    #turnAway(request, problem) {
        if (!request.result && !request.problem) {
            request.problem = problem;
            request.decidedAt = performance.now();
            this.failed++;
            this.#show(request);
        }
    }

    /** @param {Result} result any that the stream brings */
    decide(result) {
        const request = this.#byCommand.get(result.commandId);
        if (!request || request.streamed) {
            return;
        }
        request.streamed = true;
        const lane = this.#standFor(request, result.position);
        if (result.position.offset < lane.lastOffset) {
            lane.outOfOrder++;
        }
        lane.lastOffset = Math.max(lane.lastOffset, result.position.offset);
        this.#take(request, result);
    }

    /**
     * @param {Request} request
     * @param {Result} result brought by the stream, or asked for
     */
    #take(request, result) {
        if (request.result) {
            return;
        }
        const lane = this.#standFor(request, result.position);
        request.result = result;
        request.decidedAt = performance.now();
        if (request.problem) {
            // It did come to the desk, and only its answer was lost.
            request.problem = undefined;
            this.failed--;
        }
        this.decided++;
        lane.decided++;
        if (result.outcome === 'ACCEPTED') {
            this.winners++;
            lane.winners++;
            const winners = this.#winners.get(request.eventId) ?? [];
            winners.splice(insertionIndex(winners, result.position.offset), 0, request);
            this.#winners.set(request.eventId, winners);
        }
        this.#latencies.push(request.decidedAt - request.sentAt);
        this.#show(request);
    }

    /** @param {Request} request */
    #show(request) {
        this.feed = [request, ...this.feed.filter((other) => other !== request)].slice(0, FEED);
        this.#changed();
    }

    /**
     * @param {Request} request
     * @param {import('./gateway.js').Position} position
     * @returns {Lane}
     */
    #stand(request, position) {
        let lane = this.lanes.get(position.partition);
        if (!lane) {
            const { partition } = position;
            lane = { partition, requests: [], decided: 0, winners: 0, lastOffset: -1, outOfOrder: 0 };
            this.lanes.set(partition, lane);
        }
        if (!request.position) {
            request.position = position;
            lane.requests.splice(insertionIndex(lane.requests, position.offset), 0, request);
        }
        return lane;
    }

    /**
     * Where its result says: a request that was sent twice stands in the log twice, and the first counts.
     *
     * @param {Request} request
     * @param {import('./gateway.js').Position} position
     */
    #standFor(request, position) {
        const { position: before } = request;
        if (before && (before.partition !== position.partition || before.offset !== position.offset)) {
            const line = this.lanes.get(before.partition)?.requests ?? [];
            line.splice(line.indexOf(request), 1);
            request.position = undefined;
        }
        return this.#stand(request, position);
    }

    /** The log in which the crowd stands has been replaced by another; the tables know what was decided before. */
    async beganAnew() {
        const problem = { reason: 'BEGAN_ANEW', title: 'The engine began anew', detail: 'the log is another one', status: 0 };
        for (const request of this.requests.filter(({ result, sentAt }) => !result && sentAt > 0)) {
            await this.#ask(request, 'v1/commands/' + request.commandId);
            this.#turnAway(request, problem);
        }
    }

    /** The stream may be away for longer than we want to wait. */
    async #askForTheLate() {
        const late = performance.now() - ASK_AFTER_MILLIS;
        const requests = this.requests.filter(
            ({ location, result, problem, sentAt }) => location && !result && !problem && sentAt < late,
        );
        // In turn: one that nobody can tell of does not keep the others from being asked for.
        const request = requests.find(({ number }) => number > this.#lastAskedFor) ?? requests[0];
        if (request?.location) {
            this.#lastAskedFor = request.number;
            await this.#ask(request, request.location.replace(/^\//, ''));
        }
    }

    /**
     * @param {Request} request
     * @param {string} path
     */
    async #ask(request, path) {
        try {
            const { result } = await this.#gateway.get(path);
            if (result) {
                this.#take(request, result);
            }
        } catch {
            // It is not decided, or cannot be told now.
        }
    }

    /** Whether those who won, and nobody else, have bookings of these events now. Unknown when they cannot be read. */
    async #lookIntoTheTables() {
        const backoff = new Backoff();
        for (let look = 1; look <= LOOKS && !this.audit; look++) {
            try {
                this.audit = await this.#readTables();
            } catch (failure) {
                if (!mayPass(failure)) {
                    return;
                }
                await pause(backoff.next());
            }
        }
    }

    async #readTables() {
        let confirmed = 0;
        const booked = new Set();
        for (const eventId of this.eventIds) {
            const path = eventPath(eventId);
            confirmed += (await this.#gateway.get(path)).event.confirmed;
            let after = '';
            do {
                const page = await this.#gateway.get(`${path}/bookings?limit=1000${after && '&after=' + after}`);
                page.bookings.forEach((/** @type {{bookingId: string}} */ { bookingId }) => booked.add(bookingId));
                after = page.after ?? '';
            } while (after);
        }
        const winners = new Set(this.winning.map(({ commandId }) => commandId));
        const ours = this.requests.filter(({ commandId }) => booked.has(commandId));
        const agrees = ours.length === winners.size && ours.every(({ commandId }) => winners.has(commandId));
        return { confirmed, bookings: ours.length, agrees };
    }
}

/**
 * @param {Request[]} requests that stand in one partition, in the order of the log
 * @param {number} offset
 * @returns {number} how many of them stand before this offset
 */
function insertionIndex(requests, offset) {
    let low = 0;
    let high = requests.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if ((requests[middle].position?.offset ?? 0) < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
