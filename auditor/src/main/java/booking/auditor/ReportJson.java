package booking.auditor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The report for machines: one JSON object. */
public final class ReportJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ReportJson() {}

    /** All of it, in one line. */
    public static String of(AuditReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("verdict", report.verdict().name());
        List<Object> promises = new ArrayList<>();
        for (AuditReport.PromiseReport promise : report.promises()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("promise", promise.promise().number());
            one.put("words", promise.promise().words());
            one.put("verdict", promise.verdict().name());
            one.put("counts", promise.counts());
            one.put("unknown", promise.unknown());
            one.put("violations", promise.violations());
            one.put(
                    "offenders",
                    promise.offenders().stream().map(ReportJson::json).toList());
            promises.add(one);
        }
        json.put("promises", promises);
        return JSON.writeValueAsString(json);
    }

    /**
     * What is told in place of a report when the audit could not be done, in one line.
     *
     * @param why what kept it from being done
     */
    public static String notDone(String why) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("verdict", Verdict.UNKNOWN.name());
        json.put("error", why);
        json.put("promises", List.of());
        return JSON.writeValueAsString(json);
    }

    private static Map<String, Object> json(Offender offender) {
        Map<String, Object> json = new LinkedHashMap<>();
        offender.partition().ifPresent(partition -> json.put("partition", partition));
        offender.offset().ifPresent(offset -> json.put("offset", offset));
        offender.commandId().ifPresent(id -> json.put("commandId", id.toString()));
        json.put("expected", offender.expected());
        json.put("found", offender.found());
        return json;
    }
}
