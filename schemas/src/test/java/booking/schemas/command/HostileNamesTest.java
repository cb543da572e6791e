package booking.schemas.command;

import static booking.schemas.command.CommandText.EVENT_ID;
import static booking.schemas.command.CommandText.book;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of unknown fields, chosen to break hash tables, do no harm: not to their record, not to later ones. */
class HostileNamesTest {
    private final CommandDecoder decoder = new CommandDecoder();

    @Test
    void namesThatCollideInTheParsersSymbolTableAreIgnoredLikeOthers() {
        assertThat(decode(bookWith(permutationsOfFourLetterGroups()))).isEqualTo(decode(book().toString()));
    }

    @Test
    void namesThatCollideInAHashMapAreIgnoredLikeOthers() {
        assertThat(decode(bookWith(namesOfEqualHashCode()))).isEqualTo(decode(book().toString()));
    }

    @Test
    void aRecordIsDecodedTheSameAfterHostileOnes() {
        for (int i = 0; i < 3; i++) {
            decode(bookWith(permutationsOfFourLetterGroups()));
            decode(bookWith(namesOfEqualHashCode()));

            assertThat(decode(bookWith(manyNames("round" + i)))).isEqualTo(decode(book().toString()));
        }
    }

    /** Jackson's hash of a name adds up its groups of four bytes after the third, in whatever order they stand. */
    private static List<String> permutationsOfFourLetterGroups() {
        List<String> names = new ArrayList<>();
        permute("of-a-length!", List.of("Aaaa", "Bbbb", "Cccc", "Dddd", "Eeee", "Ffff", "Gggg"), names);
        return names;
    }

    private static void permute(String start, List<String> rest, List<String> into) {
        if (rest.isEmpty()) {
            into.add(start);
        }
        for (String next : rest) {
            permute(
                    start + next,
                    rest.stream().filter(other -> !other.equals(next)).toList(),
                    into);
        }
    }

    /** "Aa" and "BB" have one hash code, and so have all rows of them. */
    private static List<String> namesOfEqualHashCode() {
        List<String> names = List.of("");
        for (int i = 0; i < 13; i++) {
            names = names.stream()
                    .flatMap(name -> List.of(name + "Aa", name + "BB").stream())
                    .toList();
        }
        return names;
    }

    private static List<String> manyNames(String start) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            names.add(start + "-" + i);
        }
        return names;
    }

    private static String bookWith(List<String> names) {
        String book = book().toString();
        StringBuilder text = new StringBuilder(book.substring(0, book.length() - 1));
        names.forEach(name -> text.append(",\"").append(name).append("\":0"));
        return text.append('}').toString();
    }

    private Decoded decode(String value) {
        return decoder.decode(EVENT_ID.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
