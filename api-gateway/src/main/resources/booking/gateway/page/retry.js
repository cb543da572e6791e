const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 10_000;

/** @param {number} millis */
export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** How long to wait before each next try: twice as long as before, and not as long as everybody else. */
export class Backoff {
    #millis = FIRST_MILLIS;

    next() {
        const millis = this.#millis;
        this.#millis = Math.min(millis * 2, LONGEST_MILLIS);
        return millis * (0.75 + Math.random() / 4);
    }

    /** It has gone well: the next failure is a first one. */
    reset() {
        this.#millis = FIRST_MILLIS;
    }
}
