package booking.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Why a request failed, as RFC 9457 tells it.
 *
 * @param detail what is wrong with this very request
 * @param commandId the command that it was about, if it came that far
 * @param result the whole result of a rejected command, JSON
 * @param headers that the answer carries
 */
record Problem(
        ProblemCode code,
        String detail,
        Optional<UUID> commandId,
        Optional<byte[]> result,
        Map<String, String> headers) {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final String RETRY_AFTER = "Retry-After";
    private static final JsonMapper JSON = new JsonMapper();

    Problem {
        headers = Map.copyOf(headers);
    }

    static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, Optional.empty(), Optional.empty(), Map.of());
    }

    Problem about(UUID command) {
        return new Problem(code, detail, Optional.of(command), result, headers);
    }

    Problem withResult(byte[] json) {
        return new Problem(code, detail, commandId, Optional.of(json), headers);
    }

    Problem withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Problem(code, detail, commandId, result, more);
    }

    Problem retryAfterSeconds(int seconds) {
        return withHeader(RETRY_AFTER, Integer.toString(seconds));
    }

    /** When to try again, if that was said. */
    Optional<Integer> retryAfter() {
        return Optional.ofNullable(headers.get(RETRY_AFTER)).map(Integer::valueOf);
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", "urn:booking:reason:" + code.name());
        json.put("title", code.title());
        json.put("status", code.status());
        json.put("detail", detail);
        json.put("reason", code.name());
        commandId.ifPresent(id -> json.put("commandId", id.toString()));
        result.ifPresent(bytes -> json.putRawValue("result", new RawValue(new String(bytes, StandardCharsets.UTF_8))));
        return JSON.writeValueAsBytes(json);
    }
}
