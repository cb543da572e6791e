/**
 * The time by the engine's clock, as far as its answers tell: holds run out by that, and a computer's own clock may be wrong by
 * hours.
 */
export class EngineClock {
    /** By how many milliseconds the engine's clock is ahead of this computer's, as far as is known. */
    #ahead = 0;

    /** @returns {number} milliseconds since 1970 */
    now() {
        return Date.now() + this.#ahead;
    }

    /**
     * Takes in when something was decided: that was after it was sent, and is over.
     *
     * @param {string} decidedAt by the engine's clock
     * @param {number} sentAt milliseconds since 1970 by this computer's
     */
    answered(decidedAt, sentAt) {
        const decided = Date.parse(decidedAt);
        this.#ahead = Math.min(Math.max(this.#ahead, decided - Date.now()), decided - sentAt);
    }
}
