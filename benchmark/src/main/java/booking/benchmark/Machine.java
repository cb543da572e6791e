package booking.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What it was measured on. */
final class Machine {
    private static final double GIBIBYTE = 1L << 30;

    private Machine() {}

    /** In one line. */
    static String description() {
        String memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? String.format(Locale.ROOT, "%.0f GiB", os.getTotalMemorySize() / GIBIBYTE)
                : "memory unknown";
        return Runtime.getRuntime().availableProcessors() + " processors"
                + processor().map(name -> " (" + name + ")").orElse("") + ", " + memory + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.version");
    }

    private static Optional<String> processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst();
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }
}
