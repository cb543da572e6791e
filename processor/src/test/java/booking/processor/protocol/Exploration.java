package booking.processor.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every state that can be reached, the nearest first.
 *
 * @param states how many there are, or how many were seen until a violation
 * @param moves between them
 * @param quiescent those of the states in which there is nothing left to do
 * @param counterexample the shortest way to a violation
 */
record Exploration(int states, int moves, int quiescent, Optional<Counterexample> counterexample) {

    /** What must not be, and how it comes about. */
    record Counterexample(String violation, List<String> trace) {
        @Override
        public String toString() {
            return violation + ":\n  " + String.join("\n  ", trace);
        }
    }

    static Exploration of(Protocol protocol) {
        return new Search(protocol).run();
    }

    private static final class Search {
        private final Protocol protocol;
        private final Map<State, Integer> numbers = new HashMap<>();
        private final List<State> states = new ArrayList<>();
        private final List<Origin> origins = new ArrayList<>();
        /** For each state those that a step, not a fault, leads to. */
        private final List<int[]> onwards = new ArrayList<>();

        private int moves;
        private int quiescent;

        private record Origin(int from, String move) {}

        Search(Protocol protocol) {
            this.protocol = protocol;
        }

        Exploration run() {
            number(State.initial(), new Origin(-1, "start"));
            for (int at = 0; at < states.size(); at++) {
                State state = states.get(at);
                Optional<String> violation = state.violation();
                if (violation.isEmpty()) {
                    violation = goOn(at, state);
                }
                if (violation.isPresent()) {
                    return result(Optional.of(new Counterexample(violation.get(), trace(at))));
                }
            }
            return result(firstEndless().map(at -> new Counterexample("the work never ends", trace(at))));
        }

        /** Notes what can happen in a state; says what is wrong when it is an end and should not be. */
        private Optional<String> goOn(int at, State state) {
            List<Move> next = protocol.moves(state);
            moves += next.size();
            List<Integer> steps = new ArrayList<>();
            for (Move move : next) {
                int to = number(move.to(), new Origin(at, move.name()));
                if (!move.fault()) {
                    steps.add(to);
                }
            }
            onwards.add(steps.stream().mapToInt(Integer::intValue).toArray());
            if (!steps.isEmpty()) {
                return Optional.empty();
            }
            quiescent++;
            return state.omission();
        }

        private int number(State state, Origin origin) {
            Integer known = numbers.putIfAbsent(state, states.size());
            if (known != null) {
                return known;
            }
            states.add(state);
            origins.add(origin);
            return states.size() - 1;
        }

        /**
         * A state from which, without any more faults, steps can go round in a circle. When there is none, every way ends,
         * and it ends in a quiescent state.
         */
        private Optional<Integer> firstEndless() {
            int[] arrivals = new int[states.size()];
            onwards.forEach(targets -> {
                for (int to : targets) {
                    arrivals[to]++;
                }
            });
            int[] ready = new int[states.size()];
            int found = 0;
            for (int at = 0; at < arrivals.length; at++) {
                if (arrivals[at] == 0) {
                    ready[found++] = at;
                }
            }
            for (int done = 0; done < found; done++) {
                for (int to : onwards.get(ready[done])) {
                    if (--arrivals[to] == 0) {
                        ready[found++] = to;
                    }
                }
            }
            for (int at = 0; at < arrivals.length; at++) {
                if (arrivals[at] > 0) {
                    return Optional.of(at);
                }
            }
            return Optional.empty();
        }

        private List<String> trace(int end) {
            List<String> trace = new ArrayList<>();
            for (int at = end; at > 0; at = origins.get(at).from()) {
                trace.add(origins.get(at).move());
            }
            Collections.reverse(trace);
            return trace;
        }

        private Exploration result(Optional<Counterexample> counterexample) {
            return new Exploration(states.size(), moves, quiescent, counterexample);
        }
    }
}
