package booking.boxoffice;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The browser that these tests are for. */
final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
    private static final List<String> ARGUMENTS = List.of(
            // Root, as in a container, has no sandbox.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        if (!Files.isExecutable(EXECUTABLE)) {
            throw new AssertionError("these tests need Chromium, and there is none at " + EXECUTABLE
                    + "; install it (Debian: apt-get install chromium), or say where it is with -Dchromium=PATH");
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            browser = playwright
                    .chromium()
                    .launch(new LaunchOptions().setExecutablePath(EXECUTABLE).setArgs(ARGUMENTS));
        } catch (RuntimeException | Error e) {
            playwright.close();
            throw e;
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(RunningSystem.PATIENCE_MILLIS);
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
