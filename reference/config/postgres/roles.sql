-- Roles, database and extension; safe to run again and again. Run by the image's entrypoint as the superuser,
-- which sets the variables superuser_password, whoop_password and metrics_password first.
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;

SELECT 'CREATE ROLE whoop' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop') \gexec
SELECT 'CREATE ROLE metrics' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'metrics') \gexec
ALTER ROLE postgres PASSWORD :'superuser_password';
ALTER ROLE whoop LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 80 PASSWORD :'whoop_password';
ALTER ROLE metrics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5 PASSWORD :'metrics_password';
GRANT pg_monitor TO metrics;

SELECT 'CREATE DATABASE whoop OWNER whoop' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'whoop') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE whoop FROM PUBLIC;
GRANT CONNECT ON DATABASE whoop TO metrics;
\connect whoop
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
