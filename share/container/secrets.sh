# Sourced. Reads secrets from files: a variable of an option with _FILE appended names the file with its value.
# shellcheck shell=sh

SECRETS='s/^((MUSTER|TORRUST_TRACKER)_CONFIG_OVERRIDE_(CORE__DATABASE__PASSWORD|HTTP_API__(ACCESS|READ)_TOKENS__[A-Za-z0-9_]+))_FILE=.*/\1/p'
for variable in $(env | sed -nE "$SECRETS"); do
  eval "file=\$${variable}_FILE"
  # shellcheck disable=SC2154 # assigned by eval
  if ! secret=$(cat -- "$file" 2>/dev/null) || [ -z "$secret" ]; then
    echo "${variable}_FILE: $file is empty, or user $(id -u) cannot read it" >&2
    exit 1
  fi
  export "$variable=$secret"
  unset "${variable}_FILE"
done
