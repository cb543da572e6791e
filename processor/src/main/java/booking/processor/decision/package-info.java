/** The rules, and what they look at. Pure: no clock, no I/O, no randomness. */
@NullMarked
package booking.processor.decision;

import org.jspecify.annotations.NullMarked;
