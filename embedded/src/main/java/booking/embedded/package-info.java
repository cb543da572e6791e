/** A real Kafka broker and a real PostgreSQL as child processes of this one, for local use and for tests. */
@NullMarked
package booking.embedded;

import org.jspecify.annotations.NullMarked;
