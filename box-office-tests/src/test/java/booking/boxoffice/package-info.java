/** The box-office page, as somebody sees it who sits before a browser. */
@NullMarked
package booking.boxoffice;

import org.jspecify.annotations.NullMarked;
