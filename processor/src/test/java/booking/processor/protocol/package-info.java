/** The commit protocol between PostgreSQL and Kafka as a model small enough to try every order of events. */
@NullMarked
package booking.processor.protocol;

import org.jspecify.annotations.NullMarked;
