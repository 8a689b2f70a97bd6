#!/bin/sh
# Entry point of the container. Started as root, it creates the folders, gives them to USER_ID and switches to that
# user; started as another user, it changes no owners. Then it executes the command. Variables and paths are those of
# Torrust Tracker's image; docs/container.md lists them.
set -eu
umask 0027

CONFIG=/etc/torrust/tracker
DATA=/var/lib/torrust/tracker
LOG=/var/log/torrust/tracker
DOCUMENT=$CONFIG/tracker.toml
TEMPLATES=/app/share/container

say() { echo "entry: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# The initial document depends on the database driver. An existing document is never changed.
choose_template() {
  driver=${MUSTER_CONFIG_OVERRIDE_CORE__DATABASE__DRIVER:-${TORRUST_TRACKER_CONFIG_OVERRIDE_CORE__DATABASE__DRIVER:-no-persistence}}
  case $driver in
    mariadb) template=$TEMPLATES/tracker.container.mysql.toml ;;
    sqlite3 | mysql | postgresql | no-persistence) template=$TEMPLATES/tracker.container.$driver.toml ;;
    *) fail "there is no database driver \"$driver\": sqlite3, mysql, mariadb or postgresql" ;;
  esac
}

provide_document() {
  # These take precedence over TORRUST_TRACKER_CONFIG_TOML_PATH, which the image sets.
  [ -z "${MUSTER_CONFIG_TOML:-}${MUSTER_CONFIG_TOML_PATH:-}${TORRUST_TRACKER_CONFIG_TOML:-}" ] || return 0
  [ "${TORRUST_TRACKER_CONFIG_TOML_PATH:-}" = "$DOCUMENT" ] && [ ! -e "$DOCUMENT" ] || return 0
  choose_template
  if cp -- "$template" "$DOCUMENT" 2>/dev/null; then
    say "$DOCUMENT was missing: made from $(basename "$template")"
  else
    say "$DOCUMENT is missing and cannot be written: using $(basename "$template")"
    export TORRUST_TRACKER_CONFIG_TOML_PATH="$template"
  fi
}

# Only files with another owner, so that a start does not touch every file; read-only mounts stay as they are.
give_to_user() {
  find "$CONFIG" "$DATA" "$LOG" \( ! -uid "$USER_ID" -o ! -gid "$USER_ID" \) -exec chown -h "$USER_ID:$USER_ID" {} + 2>/dev/null ||
    say 'some files keep their owner (mounted read-only, or without the right to give them away)'
}

# Before the switch to a user that may be unable to read the files.
# shellcheck source=share/container/secrets.sh
. /app/share/container/secrets.sh

if [ "$(id -u)" -ne 0 ]; then
  mkdir -p "$DATA/database" 2>/dev/null || :
  [ -w "$DATA" ] || say "$DATA is not writable for user $(id -u): what must outlive a restart cannot be kept there"
  provide_document
  exec "$@"
fi

case ${USER_ID:-} in
  '' | *[!0-9]*) fail 'USER_ID must be a number of 1000 or more' ;;
esac
[ "$USER_ID" -ge 1000 ] || fail "USER_ID must be a number of 1000 or more; got $USER_ID"

AS_USER="setpriv --reuid $USER_ID --regid $USER_ID --clear-groups --inh-caps=-all --no-new-privs --"
$AS_USER true 2>/dev/null ||
  fail "started as root without the right to become user $USER_ID: leave it the capabilities CHOWN, DAC_OVERRIDE, SETGID and SETUID, or start the container with --user"

mkdir -p "$CONFIG" "$DATA/database" "$LOG"
provide_document
give_to_user
exec $AS_USER "$@"
