/** Things that the browser keeps for the page. Where it may keep nothing, they are kept for as long as the page is open. */
class Shelf {
    /** @type {Storage | undefined} */
    #storage;
    /** What could not be put into the browser's storage. @type {Map<string, string>} */
    #here = new Map();

    /** @param {() => Storage} open fails where the browser is told to keep nothing */
    constructor(open) {
        try {
            this.#storage = open();
        } catch {
            // Then for as long as the page is open.
        }
    }

    /** @param {string} name */
    get(name) {
        return this.#here.get(name) ?? this.#storage?.getItem(name) ?? undefined;
    }

    /** The names of all things that are kept here. */
    get names() {
        const stored = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => this.#storage?.key(index) ?? '');
        return [...new Set([...stored, ...this.#here.keys()])];
    }

    /**
     * @param {string} name
     * @param {string} value
     */
    put(name, value) {
        try {
            if (this.#storage) {
                this.#storage.setItem(name, value);
                this.#here.delete(name);
                return;
            }
        } catch {
            // There is no room for it.
        }
        this.#here.set(name, value);
    }

    /** @param {string} name */
    remove(name) {
        this.#here.delete(name);
        this.#storage?.removeItem(name);
    }
}

/** For all tabs, also those that are opened later. */
export const forAllTabs = new Shelf(() => localStorage);

/** For this tab only. */
export const forThisTab = new Shelf(() => sessionStorage);
