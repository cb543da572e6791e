const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 10_000;

/** @param {number} millis */
export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** How long to wait before each next try: twice as long as before, and not as long as everybody else. */
export class Backoff {
    #millis = FIRST_MILLIS;
    #longest;

    /** @param {number} longest in milliseconds */
    constructor(longest = LONGEST_MILLIS) {
        this.#longest = longest;
    }

    next() {
        const millis = this.#millis;
        this.#millis = Math.min(millis * 2, this.#longest);
        return millis * (0.75 + Math.random() / 4);
    }

    /** It has gone well: the next failure is a first one. */
    reset() {
        this.#millis = FIRST_MILLIS;
    }
}

/** Does something at once, and when it is asked for again soon after, once more in a while: not each time, and not too late. */
export class Throttle {
    #work;
    #millis;
    #busy = false;
    #again = false;

    /**
     * @param {() => unknown} work may take its time; it does not fail
     * @param {number} millis from the end of one to the beginning of the next
     */
    constructor(work, millis) {
        this.#work = work;
        this.#millis = millis;
    }

    ask() {
        this.#again = true;
        if (!this.#busy) {
            void this.#run();
        }
    }

    async #run() {
        this.#busy = true;
        while (this.#again) {
            this.#again = false;
            await this.#work();
            await pause(this.#millis);
        }
        this.#busy = false;
    }
}
