-- The roles of every deployment, and the one by which members follow each other.
\connect postgres
\set replication_password `cat /run/secrets/replication_password`
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SELECT 'CREATE ROLE replicator' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
ALTER ROLE replicator LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20 PASSWORD :'replication_password';
GRANT pg_monitor TO replicator; -- to tell which timelines it knows
\ir /etc/postgresql/base_roles.sql
