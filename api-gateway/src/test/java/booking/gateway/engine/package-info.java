@NullMarked
package booking.gateway.engine;

import org.jspecify.annotations.NullMarked;
