-- The role by which copies are made: it reads everything, writes nothing, and may begin and end a copy. Run after roles.sql.
\connect postgres
SELECT 'CREATE ROLE backup' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backup') \gexec
ALTER ROLE backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 10 PASSWORD :'backup_password';
GRANT pg_read_all_data, pg_read_all_settings TO backup;
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_create_restore_point(text), pg_switch_wal() TO backup;
GRANT CONNECT ON DATABASE whoop TO backup;
\connect whoop
GRANT EXECUTE ON FUNCTION pg_create_restore_point(text) TO backup;
