package booking.benchmark;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers from 0 on, of which each is drawn with a likelihood of 1 / (number + 1), to a power. */
final class Zipf {
    private final double[] upTo;

    /**
     * A distribution.
     *
     * @param count how many numbers there are
     * @param exponent 0 for all alike; the greater, the more often the first
     */
    Zipf(int count, double exponent) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be 1 or more, was " + count);
        }
        upTo = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            upTo[i] = sum;
        }
    }

    /** Draws a number. */
    int next(SplittableRandom random) {
        double point = random.nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, point);
        return found >= 0 ? Math.min(found + 1, upTo.length - 1) : -found - 1;
    }
}
