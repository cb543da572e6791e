/** The plain web application that people write first, with three ways to keep from overselling. */
@NullMarked
package booking.benchmark.web;

import org.jspecify.annotations.NullMarked;
