package booking.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.gateway.http.Lines.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {
    private static final int LONGEST = 10;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a¶bc¶             | 1:a 2:bc",
                "a¶bc              | 1:a 2:bc",
                "a¶                | 1:a",
                "¶¶a¶ ¶\tx¶¶       | 3:a 5:\tx",
                "''                | ''",
                "¶¶¶               | ''",
                "0123456789¶a      | 1:0123456789 2:a",
                "01234567890¶a     | 1:- 2:a",
                "01234567890       | 1:-",
                "01234567890¶      | 1:-",
                "a¶01234567890123456789012345¶b¶c | 1:a 2:- 3:b 4:c",
            })
    void linesAreTheSameHoweverTheyAreCutIntoPieces(String text, String expected) {
        byte[] bytes = text.replace('¶', '\n').getBytes(UTF_8);
        Random random = new Random(17);

        for (int largestPiece = 1; largestPiece <= bytes.length + 1; largestPiece++) {
            List<String> lines = new ArrayList<>();
            Lines splitter = new Lines(LONGEST);
            int at = 0;
            while (at < bytes.length) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(largestPiece));
                splitter.add(Arrays.copyOfRange(bytes, at, end));
                at = end;
                for (Optional<Line> line = splitter.next(); line.isPresent(); line = splitter.next()) {
                    lines.add(told(line.get()));
                }
            }
            splitter.last().ifPresent(line -> lines.add(told(line)));
            assertThat(String.join(" ", lines)).isEqualTo(expected);
        }
    }

    @Test
    void aLineThatIsTooLongIsToldBeforeItsEndComesAndNothingOfItIsKept() {
        Lines lines = new Lines(LONGEST);
        List<Long> told = new ArrayList<>();

        IntStream.range(0, 1_000).forEach(i -> {
            lines.add("01234567".getBytes(UTF_8));
            lines.next().ifPresent(line -> told.add(line.number()));
        });

        assertThat(told).containsExactly(1L);
        assertThat(lines.last()).isEmpty();
    }

    private static String told(Line line) {
        return line.number() + ":"
                + line.text().map(text -> new String(text, UTF_8)).orElse("-");
    }
}
