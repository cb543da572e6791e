-- The three roles of the booking engine, made once by a superuser in the database that they work on. Their passwords are
-- taken from the server's environment, where the image of PostgreSQL was given them.
DO $roles$
DECLARE
    role text;
    password text;
BEGIN
    CREATE TEMPORARY TABLE given (password text) ON COMMIT DROP;
    FOREACH role IN ARRAY ARRAY['booking_owner', 'booking_app', 'booking_read'] LOOP
        DELETE FROM given;
        -- Delimiter and quote are characters that no password has, so it is taken as it is.
        EXECUTE format(
            'COPY given FROM PROGRAM %L WITH (FORMAT csv, DELIMITER %L, QUOTE %L)',
            'printenv ' || upper(role) || '_PASSWORD', E'\x02', E'\x01');
        SELECT given.password INTO STRICT password FROM given;
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', role, password);
    END LOOP;
    -- The owner makes the tables, in the setup step, and gives the other two their rights on them.
    EXECUTE format('ALTER DATABASE %I OWNER TO booking_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO booking_app, booking_read', current_database());
END
$roles$;

