-- Roles, tables and rights; safe to run again and again. Run at every start by start.sh as the superuser, which sets the
-- variables writer_password, reader_password and keeper_password first.
--
-- log_writer adds lines and cannot read, change or remove any. log_reader reads them. log_keeper owns them: it makes a table for
-- each day, and drops it when the day is over.
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;

SELECT 'CREATE ROLE log_writer' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'log_writer') \gexec
SELECT 'CREATE ROLE log_reader' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'log_reader') \gexec
SELECT 'CREATE ROLE log_keeper' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'log_keeper') \gexec
ALTER ROLE log_writer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 10 PASSWORD :'writer_password';
ALTER ROLE log_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 10 PASSWORD :'reader_password';
ALTER ROLE log_keeper LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5 PASSWORD :'keeper_password';
ALTER ROLE log_reader SET statement_timeout = '20s';

SELECT 'CREATE DATABASE logs OWNER log_keeper' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'logs') \gexec
REVOKE CONNECT, TEMPORARY ON DATABASE logs FROM PUBLIC;
\connect logs
SET client_min_messages = warning;
GRANT CONNECT ON DATABASE logs TO log_writer, log_reader;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT CREATE ON SCHEMA public TO log_keeper;
SET ROLE log_keeper;

-- at: when the engine received the line. line: as it was written, whole. fields: of a line that is a JSON object.
CREATE TABLE IF NOT EXISTS lines (
  at timestamptz NOT NULL,
  collected timestamptz NOT NULL DEFAULT clock_timestamp(),
  service text NOT NULL,
  container text NOT NULL,
  name text NOT NULL,
  stream text NOT NULL,
  level text NOT NULL,
  request_id text,
  line text NOT NULL,
  fields jsonb
) PARTITION BY RANGE (at);
CREATE INDEX IF NOT EXISTS lines_at ON lines (at);
CREATE INDEX IF NOT EXISTS lines_service ON lines (service, at);
CREATE INDEX IF NOT EXISTS lines_request ON lines (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS lines_trouble ON lines (level, at) WHERE level IN ('warning', 'error', 'critical');
CREATE INDEX IF NOT EXISTS lines_text ON lines USING gin (line gin_trgm_ops);
CREATE INDEX IF NOT EXISTS lines_fields ON lines USING gin (fields jsonb_path_ops);

-- How far each of the engine's files was read; written in the same transaction as the lines.
CREATE TABLE IF NOT EXISTS positions (
  container text NOT NULL,
  file text NOT NULL,
  done bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (container, file)
);

-- A table for the lines of one day, in UTC. Nothing happens where it is there.
CREATE OR REPLACE FUNCTION make_day(day date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF lines FOR VALUES FROM (%L) TO (%L)',
                 'lines_' || to_char(day, 'YYYYMMDD'), day, day + 1);
END $$;

CREATE OR REPLACE FUNCTION days() RETURNS TABLE (day date) LANGUAGE sql STABLE AS $$
  SELECT to_date(right(relname, 8), 'YYYYMMDD') FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'lines'::regclass
$$;

CREATE OR REPLACE FUNCTION oldest_day() RETURNS date LANGUAGE sql STABLE AS 'SELECT min(day) FROM days()';

REVOKE EXECUTE ON FUNCTION make_day(date) FROM PUBLIC;
GRANT INSERT ON lines TO log_writer;
GRANT SELECT, INSERT, UPDATE ON positions TO log_writer;
GRANT SELECT ON lines TO log_reader;
