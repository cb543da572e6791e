/** What the gateway knows of the engine behind the topics, for its meters. */
@NullMarked
package booking.gateway.engine;

import org.jspecify.annotations.NullMarked;
