/** Kafka Streams as it is taught: one record, one database transaction. */
@NullMarked
package booking.benchmark.stream;

import org.jspecify.annotations.NullMarked;
