#!/bin/sh
# Makes the two roles of an installation, once: the owner migrates, the application owns nothing. Run by the image of
# PostgreSQL when its data are new; elsewhere by hand, with PGHOST, PGUSER and so on set for a superuser:
#   OWNER_PASSWORD=… APP_PASSWORD=… POSTGRES_DB=crm scripts/roles.sh
set -eu

psql --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" --set database="$POSTGRES_DB" \
  --username "${POSTGRES_USER:-${PGUSER:-postgres}}" --dbname "$POSTGRES_DB" <<'SQL'
create role crm_owner login password :'owner';
create role crm_app login password :'app';
grant create on database :"database" to crm_owner;
SQL
