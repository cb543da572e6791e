/**
 * A UUID of version 7 (RFC 9562, section 5.7): a command's id, and the key with which its request is repeated.
 * Not `crypto.randomUUID()`, which browsers give to pages from other machines over HTTPS only.
 *
 * @returns {string}
 */
export function newCommandId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let millis = Date.now();
    for (let i = 5; i >= 0; i--) {
        bytes[i] = millis % 256;
        millis = Math.floor(millis / 256);
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * A few characters that are hardly ever the same twice, for names of things that people read.
 *
 * @returns {string}
 */
export function newSuffix() {
    return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => (byte % 36).toString(36)).join('');
}
