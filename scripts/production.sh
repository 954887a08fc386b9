#!/bin/sh
# Brings a fresh clone into production without Docker, by the steps of the Dockerfile and compose.yaml: installs, builds,
# drops what only the build needs, migrates as the owner, starts as a role that owns nothing.
#
#   DATABASE_URL=…        the role of the application
#   DATABASE_OWNER_URL=…  the role that owns the tables (scripts/roles.sh makes both)
#   SESSION_SECRET=…      at least 32 random characters
#   PUBLIC_URL=…          and whatever else .env.example names
#
# With --prepare it does everything but start; a supervisor then runs `node dist/src/main.js`.
set -eu
cd "$(dirname "$0")/.."

: "${DATABASE_URL:?is not set}" "${DATABASE_OWNER_URL:?is not set}" "${SESSION_SECRET:?is not set}"

env -u NODE_ENV node scripts/prepare.js --build
npm prune --omit=dev --no-audit --no-fund --loglevel=error

export NODE_ENV=production
node dist/src/migrate.js
[ "${1:-}" = --prepare ] && exit

unset DATABASE_OWNER_URL
MIGRATE=false exec node dist/src/main.js
