/** The Kafka Streams application: a poll is a batch, and its answers leave in the same Kafka transaction. */
@NullMarked
package booking.processor.stream;

import org.jspecify.annotations.NullMarked;
