package booking.benchmark.web;

import booking.benchmark.tables.Locking;
import booking.benchmark.tables.PlainPool;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A plain web application: HTTP, a pool of connections, and SQL. It answers the same calls as the gateway does, as far as
 * they are measured, and {@code PUT /pool/SIZE}, so that the size of its pool can be found by trial.
 */
public final class WebApplication {
    /** As many as there can be connections, so that none of those waits for a thread. */
    private static final int WORKERS = 64;

    private static final int POOL_SIZE = 8;
    private static final long PATIENCE_SECONDS = 30;

    private WebApplication() {}

    /**
     * Runs it until the process is told to end.
     *
     * @param arguments the way of locking, the JDBC URL, the port on 127.0.0.1
     */
    public static void main(String[] arguments) throws TimeoutException {
        Locking locking = Locking.of(arguments[0]);
        PlainPool pool = new PlainPool(arguments[1], POOL_SIZE);
        int port = Integer.parseInt(arguments[2]);
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setWorkerPoolSize(WORKERS));
        var unused = vertx.deployVerticle(
                        () -> new Listener(port, new Desk(locking, pool)), new DeploymentOptions().setInstances(loops))
                .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Listener extends VerticleBase {
        private final int port;
        private final Desk desk;

        Listener(int port, Desk desk) {
            this.port = port;
            this.desk = desk;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer().requestHandler(desk::answer).listen(port, "127.0.0.1");
        }
    }
}
