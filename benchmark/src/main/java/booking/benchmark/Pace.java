package booking.benchmark;

import java.util.Locale;

/** How fast requests come. */
sealed interface Pace {
    /**
     * Callers that ask again as soon as they are answered.
     *
     * @param clients how many
     */
    record Closed(int clients) implements Pace {
        public Closed {
            if (clients < 1) {
                throw new IllegalArgumentException("clients must be 1 or more, was " + clients);
            }
        }

        @Override
        public String toString() {
            return clients + (clients == 1 ? " client" : " clients");
        }
    }

    /**
     * Requests that come at fixed times, whether the ones before are answered or not.
     *
     * @param perSecond how many
     */
    record Open(double perSecond) implements Pace {
        public Open {
            if (!(perSecond > 0)) {
                throw new IllegalArgumentException("a rate must be more than 0, was " + perSecond);
            }
        }

        /** When a request is meant to be sent, in nanoseconds after the first. */
        long dueNanos(long number) {
            return (long) (number * (1e9 / perSecond));
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "at %.0f/s", perSecond);
        }
    }
}
