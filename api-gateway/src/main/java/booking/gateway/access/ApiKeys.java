package booking.gateway.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of a file, which is read again when it changes: a key taken out is refused a few seconds later. A file that
 * cannot be read, has a bad line, or does not end with a line feed, as one that is just being written, changes nothing.
 */
final class ApiKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final long LOOK_EVERY_SECONDS = 2;

    private final Path file;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "gateway-api-keys");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Map<String, Caller> byHash;
    /** Known to the thread that looks only. */
    private String text;

    /** Whether that was taken. Known to the thread that looks only. */
    private boolean taken = true;

    private volatile boolean current = true;

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException when it cannot be read, has a bad line or no end
     */
    ApiKeys(Path file) {
        this.file = file;
        try {
            this.text = read();
            this.byHash = parse(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the API keys in " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", " + e.getMessage(), e);
        }
        var unused =
                looking.scheduleWithFixedDelay(this::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** What is wrong with a file, in words; nothing when a gateway can start with it. */
    static Optional<String> whatIsWrongWith(Path file) {
        try {
            var unused = parse(Files.readString(file, StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of("there is no such file");
        } catch (IOException e) {
            return Optional.of("it cannot be read (" + e + ")");
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Who holds this key. What is looked up is its hash, so how long that takes tells nothing of a key. */
    Optional<Caller> caller(String key) {
        return Optional.ofNullable(byHash.get(ApiKey.sha256(key)));
    }

    /** Whether these are the keys of the file as it is now. */
    boolean areCurrent() {
        return current;
    }

    private void look() {
        try {
            String now = read();
            if (!now.equals(text)) {
                // Also when it is bad: it is complained of once.
                text = now;
                taken = false;
                byHash = parse(now);
                taken = true;
                LOG.info("There are {} API keys in {} now", byHash.size(), file);
            }
            // Also when it could not be read for a while, and is as it was.
            current = taken;
        } catch (IOException | IllegalArgumentException e) {
            current = false;
            LOG.error("The API keys in {} stay as they were: {}", file, e.getMessage());
        }
    }

    private String read() throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static Map<String, Caller> parse(String text) {
        Map<String, Caller> keys = new HashMap<>();
        Set<String> names = new HashSet<>();
        List<String> lines = text.lines().toList();
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("line " + Math.max(1, lines.size())
                    + ": the file must end with a line feed; without it, it may be half written");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                ApiKey key = ApiKey.parse(line);
                if (!names.add(key.name()) || keys.put(key.sha256(), key.caller()) != null) {
                    throw new IllegalArgumentException("its name or its key is there already");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return Map.copyOf(keys);
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
