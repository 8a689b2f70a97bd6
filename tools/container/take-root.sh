#!/bin/sh
# take-root.sh TARGET: copies from the current image only what the tracker needs to run: node, the programs of the entry
# script, the libraries of both, and the records of their packages, so that a scanner can tell their versions.
set -eu
target=$1
PROGRAMS='node sh dash basename cat chown cp env find id install ln ls mkdir sed setpriv true'
FILES='/etc/debian_version /etc/group /etc/host.conf /etc/nsswitch.conf /etc/os-release /etc/passwd
  /etc/ssl/certs/ca-certificates.crt /usr/lib/os-release'

for folder in dev etc proc run sys tmp usr/bin usr/lib usr/lib64 usr/sbin usr/local/bin var/tmp; do
  mkdir -p "$target/$folder"
done
chmod 1777 "$target/tmp" "$target/var/tmp"
# These are links into /usr on Debian.
for link in /bin /sbin /lib /lib64; do
  cp -a "$link" "$target"
done

status=$target/var/lib/dpkg/status.d
mkdir -p "$status"
# keep FILE: copies it under the requested name, following links.
keep() {
  cp -L --preserve=mode,timestamps --parents "$1" "$target"
  # The file list of a package may have the path from before /usr was merged.
  for name in "$1" "${1#/usr}" "/usr$1"; do
    package=$(dpkg -S "$name" 2>/dev/null | sed -n 's/^\([a-z0-9.+-]*\):.*/\1/p;T;q')
    if [ -n "$package" ]; then
      dpkg-query -s "$package" >"$status/$package"
      break
    fi
  done
}

for program in $PROGRAMS; do
  path=$(command -v "/usr/local/bin/$program" || command -v "/usr/bin/$program")
  keep "$path"
  for library in $(ldd "$path" | grep -o '/[^ ]*'); do
    [ -e "$target$library" ] || keep "$library"
  done
done
for file in $FILES; do
  [ ! -e "$file" ] || keep "$file"
done
find "$target" -xdev -type f -perm /6000 -exec chmod a-s {} +
