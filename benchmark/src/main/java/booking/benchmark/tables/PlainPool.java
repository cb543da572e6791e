package booking.benchmark.tables;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections to the tables of the alternatives, as many as asked for. */
public final class PlainPool implements AutoCloseable {
    private final HikariDataSource pool;

    /** @param size how many connections are kept */
    public PlainPool(String jdbcUrl, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(size);
        // Prepare on the server at the first use: each statement is used again and again.
        config.addDataSourceProperty("prepareThreshold", 1);
        pool = new HikariDataSource(config);
    }

    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /** From now on so many are kept, all of them new ones; where so many are kept already, they stay, with all they have prepared. */
    public void resize(int size) {
        if (pool.getMaximumPoolSize() == size) {
            return;
        }
        pool.getHikariConfigMXBean().setMaximumPoolSize(size);
        pool.getHikariConfigMXBean().setMinimumIdle(size);
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
