-- Roles, their rights, database and extension; safe to run again and again. Run by the image's entrypoint as the superuser, who
-- comes in by the local socket only. Who may log in, and by what password, is said by the service "logins".
--
-- whoop_owner owns the database and its tables, and changes them in migrations. whoop, as which customers are served, reads and
-- writes rows and can change nothing else; whoop_a and whoop_b log in with its rights, in turn, so that a new password is in
-- use before the old one is shut out (bin/rotate). metrics reads what the server tells about itself.
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;

SELECT 'CREATE ROLE whoop_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop_owner') \gexec
SELECT 'CREATE ROLE whoop' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop') \gexec
SELECT 'CREATE ROLE whoop_a' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop_a') \gexec
SELECT 'CREATE ROLE whoop_b' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'whoop_b') \gexec
SELECT 'CREATE ROLE metrics' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'metrics') \gexec
ALTER ROLE postgres PASSWORD NULL;
ALTER ROLE whoop_owner NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 20;
ALTER ROLE whoop NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD NULL;
ALTER ROLE whoop_a INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 80;
ALTER ROLE whoop_b INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 80;
ALTER ROLE metrics NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5;
GRANT whoop TO whoop_a, whoop_b;
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
