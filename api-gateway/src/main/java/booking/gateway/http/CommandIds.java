package booking.gateway.http;

import booking.gateway.access.Caller;
import booking.schemas.json.UuidText;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.StringArgGenerator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Gives commands their ids: from the client's idempotency key, or new ones. */
final class CommandIds {
    private static final int LONGEST_KEY = 255;

    /**
     * All who do not say who they are share one space of keys; whoever does has one of its own, made of this one and its
     * name. Never to be changed: it decides who repeats what.
     */
    private static final UUID ANONYMOUS = UUID.fromString("a3d8f7e4-2c51-4b0e-9d6a-71f0c5b8e292");

    private final StringArgGenerator byName = Generators.nameBasedGenerator(ANONYMOUS);
    private final NoArgGenerator byTime = Generators.timeBasedEpochGenerator();

    /** A new id; later ones sort after earlier ones. */
    UUID next() {
        return byTime.generate();
    }

    /** The id that stands for this caller's key in these {@code Idempotency-Key} headers; empty when there is none. */
    Optional<UUID> ofKey(List<String> headers, Caller caller) {
        return key(headers)
                .map(key -> UuidText.parse(key).orElseGet(() -> space(caller).generate(key)));
    }

    /** The id that stands for this line of a batch with this key. */
    UUID ofLine(String key, long line, Caller caller) {
        return Generators.nameBasedGenerator(space(caller).generate(key)).generate(Long.toString(line));
    }

    /** The key in these headers; empty when there is none. */
    Optional<String> key(List<String> headers) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        String key = headers.get(0);
        if (headers.size() > 1 || key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new RequestRefused(
                    ProblemCode.MALFORMED_REQUEST,
                    "Idempotency-Key must be given once, with 1 to " + LONGEST_KEY + " characters");
        }
        return Optional.of(key);
    }

    private StringArgGenerator space(Caller caller) {
        return caller.name()
                .<StringArgGenerator>map(name -> Generators.nameBasedGenerator(byName.generate(name)))
                .orElse(byName);
    }
}
