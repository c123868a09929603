#!/bin/sh
# Makes Hemvist's administrator, who is no superuser, and its database. Run once, by the PostgreSQL image, in
# an empty data folder; infra/postgres/README.md says the same for a server of one's own.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set password="$(cat /run/secrets/postgres-admin-password)" <<'SQL'
SET log_min_error_statement = panic;
CREATE ROLE hemvist_admin LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE hemvist OWNER hemvist_admin;
SQL
