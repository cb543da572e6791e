package booking.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The box-office page. Its files have a version that is made of the contents of all of them: what is at an address never
 * changes, and is in step with the rest. Nothing is looked up by what a browser asks for: what is not read here does not
 * exist.
 */
final class PageEndpoints {
    private static final String FOLDER = "booking/gateway/page/";
    private static final String VERSION = "{{version}}";
    /** The library writes the page from its templates; nothing else writes HTML. */
    private static final String ONLY_TEMPLATES = "require-trusted-types-for 'script'; trusted-types lit-html";

    static final List<String> OWN = List.of(
            "attempts-view.js",
            "availability-bar.js",
            "booking-card.js",
            "bookings-view.js",
            "box-office.js",
            "desk.js",
            "dialogs.js",
            "engine-clock.js",
            "engine-view.js",
            "engine.js",
            "event-list.js",
            "event-stream.js",
            "event-view.js",
            "events-view.js",
            "gateway.js",
            "ids.js",
            "keyring.js",
            "lane-strip.js",
            "live-chart.js",
            "look.css",
            "main.js",
            "metrics.js",
            "my-bookings.js",
            "open-requests.js",
            "page.js",
            "presses.js",
            "retry.js",
            "rush-view.js",
            "rush.js",
            "shelf.js",
            "shell.js",
            "sse-parser.js",
            "stream-connection.js",
            "theme.js",
            "ticket.svg",
            "words.js");

    private final Map<String, StaticFile> files = new TreeMap<>();
    private final String version;
    private final StaticFile index;

    PageEndpoints() {
        OWN.forEach(name -> files.put(name, StaticFile.read(FOLDER + name)));
        for (String name : List.of("lit-html.js", "directive.js", "directive-helpers.js")) {
            files.put(name, StaticFile.ofWebJar("lit-html", name));
        }
        // Imports what it needs from the folder above; here all files are in one.
        files.put(
                "repeat.js",
                StaticFile.ofWebJar("lit-html", "directives/repeat.js").replacing("\"../", "\"./"));
        files.put("uPlot.esm.js", StaticFile.ofWebJar("uplot", "dist/uPlot.esm.js"));
        files.put("uPlot.min.css", StaticFile.ofWebJar("uplot", "dist/uPlot.min.css"));
        this.version = StaticFile.versionOf(files);
        files.replaceAll((name, file) -> file.keptForEver());
        this.index = StaticFile.read(FOLDER + "index.html")
                .replacing(VERSION, version)
                .under(ONLY_TEMPLATES);
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.of(HttpMethod.GET, "/", Endpoint.OPEN, this::index),
                Endpoint.of(HttpMethod.GET, "/page/{version}/{file}", Endpoint.OPEN, this::file));
    }

    private void index(RoutingContext call) {
        // The router takes any number of slashes for one.
        if (!call.request().path().equals("/")) {
            throw new RequestRefused(ProblemCode.PATH_NOT_FOUND, "the page is at /");
        }
        index.answer(call);
    }

    private void file(RoutingContext call) {
        StaticFile file = files.get(call.pathParam("file"));
        if (file == null || !version.equals(call.pathParam("version"))) {
            throw new RequestRefused(ProblemCode.PATH_NOT_FOUND, "the page has no such file in its version " + version);
        }
        file.answer(call);
    }
}
