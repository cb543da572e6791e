package booking.processor.stream;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's driver, whose connections tell the plan what they are about to do and have done. */
final class WatchedDriver implements Driver {
    private final Driver driver;
    private final CrashPlan plan;

    private WatchedDriver(Driver driver, CrashPlan plan) {
        this.driver = driver;
        this.plan = plan;
    }

    /** Takes the place of the driver for this URL, for the whole process. */
    static void install(String url, CrashPlan plan) throws SQLException {
        Driver driver = DriverManager.getDriver(url);
        DriverManager.deregisterDriver(driver);
        DriverManager.registerDriver(new WatchedDriver(driver, plan));
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        Connection connection = driver.connect(url, info);
        return connection == null ? null : proxy(Connection.class, new WatchedConnection(connection, plan));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(WatchedDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** A connection that knows whether its transaction decides commands, and whether it has begun to save. */
    private static final class WatchedConnection implements InvocationHandler {
        private final Connection connection;
        private final CrashPlan plan;
        private boolean decides;
        private boolean saves;

        WatchedConnection(Connection connection, CrashPlan plan) {
            this.connection = connection;
            this.plan = plan;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("prepareStatement") && arguments != null) {
                Object statement = Objects.requireNonNull(call(connection, method, arguments));
                String sql = String.valueOf(arguments[0]).strip();
                return proxy(
                        PreparedStatement.class,
                        (self, called, its) -> called.getName().startsWith("execute")
                                ? execute(sql, () -> call(statement, called, its))
                                : call(statement, called, its));
            }
            if (method.getName().equals("commit") && decides) {
                plan.reached(CrashPoint.BEFORE_DATABASE_COMMIT);
                end();
                Object nothing = call(connection, method, arguments);
                plan.reached(CrashPoint.AFTER_DATABASE_COMMIT);
                return nothing;
            }
            if (method.getName().equals("rollback")) {
                end();
            }
            return call(connection, method, arguments);
        }

        private void end() {
            decides = false;
            saves = false;
        }

        private @Nullable Object execute(String sql, Execution execution) throws Throwable {
            boolean fence = sql.contains("FROM partition_progress") && sql.contains("FOR UPDATE");
            if (fence) {
                decides = true;
                plan.reached(CrashPoint.BEFORE_FENCE);
            } else if (sql.startsWith("UPDATE partition_progress")) {
                plan.reached(CrashPoint.AFTER_SAVE);
            } else if (decides && !saves && !sql.startsWith("SELECT") && !sql.contains("partition_progress")) {
                saves = true;
                plan.reached(CrashPoint.BEFORE_SAVE);
            }
            Object result = execution.run();
            if (fence) {
                plan.reached(CrashPoint.AFTER_FENCE);
            } else if (sql.contains("FROM outcomes WHERE command_id")) {
                plan.reached(CrashPoint.AFTER_LOOK_BACK);
            }
            return result;
        }

        private interface Execution {
            @Nullable
            Object run() throws Throwable;
        }
    }
}
