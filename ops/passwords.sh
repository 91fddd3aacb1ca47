#!/bin/sh
# What docker-compose.yaml asks for and .env does not hold yet: a password for each, in a file that only you can read.
set -eu
umask 077
touch .env
chmod 600 .env

keep() {
  grep -q "^$1=." .env || printf '%s=%s\n' "$1" "$2" >> .env
}

# Passwords end up in addresses: nothing that would have to be escaped there.
for name in POSTGRES_PASSWORD DATABASE_PASSWORD DATABASE_OWNER_PASSWORD DATABASE_READER_PASSWORD DATABASE_MONITOR_PASSWORD \
  AIRFLOW_DATABASE_PASSWORD AIRFLOW_API_SECRET AIRFLOW_JWT_SECRET METABASE_DATABASE_PASSWORD METABASE_ENCRYPTION_KEY \
  REDIS_PASSWORD METRICS_TOKEN PSEUDONYM_SECRET; do
  keep "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
done
keep AIRFLOW_FERNET_KEY "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')"
