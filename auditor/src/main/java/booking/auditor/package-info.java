/**
 * The auditor: says whether a running system keeps its promises, from what anybody can read of it. It knows the contract,
 * and nothing of the processor's code.
 */
@NullMarked
package booking.auditor;

import org.jspecify.annotations.NullMarked;
