package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void countsAreToldInOneOrderWhateverIsFoundFirst() {
        Findings findings = new Findings();
        findings.count(Promise.ANSWERS, "of another kind", 1);
        findings.count(Promise.ANSWERS, "dead letters", 2);
        findings.count(Promise.ANSWERS, "commands", 3);

        assertThat(findings.report().of(Promise.ANSWERS).counts())
                .containsExactly(
                        Map.entry("commands", 3L),
                        Map.entry("results", 0L),
                        Map.entry("dead letters", 2L),
                        Map.entry("of another kind", 1L));
    }
}
