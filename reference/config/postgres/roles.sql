-- Roles, database and extension; safe to run again and again. Run by the image's entrypoint as the superuser,
-- which sets the variables superuser_password, owner_password, whoop_password and metrics_password first.
--
-- whoop_owner owns the database and its tables, and changes them in migrations. whoop, as which customers are served, reads and
-- writes rows and can change nothing else. metrics reads what the server tells about itself.
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;

SELECT 'CREATE ROLE whoop_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop_owner') \gexec
SELECT 'CREATE ROLE whoop' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop') \gexec
SELECT 'CREATE ROLE metrics' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'metrics') \gexec
ALTER ROLE postgres PASSWORD :'superuser_password';
ALTER ROLE whoop_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 20 PASSWORD :'owner_password';
ALTER ROLE whoop LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 80 PASSWORD :'whoop_password';
ALTER ROLE metrics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5 PASSWORD :'metrics_password';
-- Every change that is made for a customer is logged with the id of its request; never a value.
ALTER ROLE whoop SET log_statement = 'mod';
GRANT pg_monitor TO metrics;

SELECT 'CREATE DATABASE whoop OWNER whoop_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'whoop') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE whoop FROM PUBLIC;
\connect whoop
REASSIGN OWNED BY whoop TO whoop_owner; -- where the database is older than its owner
GRANT CONNECT ON DATABASE whoop TO whoop, metrics;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO whoop;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO whoop;
ALTER DEFAULT PRIVILEGES FOR ROLE whoop_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO whoop;
ALTER DEFAULT PRIVILEGES FOR ROLE whoop_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO whoop;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
