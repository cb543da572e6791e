/** The engine measured beside what people would use instead: who is measured, what is asked, and how it is counted. */
@NullMarked
package booking.benchmark;

import org.jspecify.annotations.NullMarked;
