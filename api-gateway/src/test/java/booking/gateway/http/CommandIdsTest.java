package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.gateway.access.Caller;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandIdsTest {
    private final CommandIds ids = new CommandIds();

    @Test
    void aUuidIsTheIdAsItIs() {
        assertThat(ids.ofKey(List.of("01990F3C-7a52-7c11-8a5e-3f4c2b1d0e9a"), Caller.ANYBODY))
                .contains(UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a"));
    }

    @Test
    void anyOtherTextAlwaysStandsForTheSameId() {
        // Written down, as a change would carry out repeated requests twice.
        assertThat(ids.ofKey(List.of("order 4711"), Caller.ANYBODY))
                .contains(UUID.fromString("f69108ca-c6a5-5e4e-a330-0f71d58dfb3c"));
        assertThat(new CommandIds().ofKey(List.of("order 4711"), Caller.ANYBODY))
                .isEqualTo(ids.ofKey(List.of("order 4711"), Caller.ANYBODY));
        assertThat(ids.ofKey(List.of("order 4712"), Caller.ANYBODY))
                .isNotEqualTo(ids.ofKey(List.of("order 4711"), Caller.ANYBODY));
        assertThat(ids.ofKey(List.of("1-1-1-1-1"), Caller.ANYBODY).orElseThrow().version())
                .isEqualTo(5);
        // As long as a UUID, and Java would read one in it, but not the one that is written.
        assertThat(ids.ofKey(List.of("01990f3c7-a52-7c11-8a5e-3f4c2b1d0e9a"), Caller.ANYBODY)
                        .orElseThrow()
                        .version())
                .isEqualTo(5);
    }

    @Test
    void theSameKeyOfTwoCallersStandsForTwoIds() {
        List<String> key = List.of("order 4711");
        Caller shop = new Caller(Optional.of("key:shop"), Set.of(), Optional.empty());
        Caller other = new Caller(Optional.of("key:other"), Set.of(), Optional.empty());

        // Written down, as a change would carry out repeated requests twice.
        assertThat(ids.ofKey(key, shop)).isEqualTo(new CommandIds().ofKey(key, shop));
        assertThat(ids.ofKey(key, shop))
                .isNotEqualTo(ids.ofKey(key, other))
                .isNotEqualTo(ids.ofKey(key, Caller.ANYBODY));
    }

    @Test
    void withoutAKeyThereIsNone() {
        assertThat(ids.ofKey(List.of(), Caller.ANYBODY)).isEmpty();
    }

    @Test
    void aKeyIsNeitherEmptyNorTooLongNorGivenTwice() {
        assertThat(ids.ofKey(List.of("k".repeat(255)), Caller.ANYBODY)).isPresent();
        for (List<String> keys : List.of(List.of(""), List.of("k".repeat(256)), List.of("a", "b"))) {
            assertThatThrownBy(() -> ids.ofKey(keys, Caller.ANYBODY)).hasMessageContaining("Idempotency-Key");
        }
    }

    @Test
    void newIdsSortByTime() {
        assertThat(Stream.generate(ids::next).limit(1_000).map(UUID::toString))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(ids.next().version()).isEqualTo(7);
    }
}
