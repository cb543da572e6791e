/** The programs in docs/examples, run as their readers would run them. */
@NullMarked
package booking.examples;

import org.jspecify.annotations.NullMarked;
