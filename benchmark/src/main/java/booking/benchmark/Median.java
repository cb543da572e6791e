package booking.benchmark;

import java.util.Collection;

/** The middle of some numbers. */
final class Median {
    private Median() {}

    /**
     * The one in the middle, or what lies halfway between the two in the middle.
     *
     * @throws IllegalArgumentException when there are none
     */
    static double of(Collection<Double> numbers) {
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("there is no median of nothing");
        }
        double[] sorted =
                numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
