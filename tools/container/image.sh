#!/usr/bin/env bash
# image.sh: builds the image `localhost/muster` with buildah, without a Docker daemon, as root on Debian 12.
# The base image, normally from Docker Hub, is assembled from Debian's packages and the pinned Node.js of node_modules,
# and cached. Prints the image's size. Needs only the sources of apt and npm.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tools/container/surroundings.sh
. tools/container/surroundings.sh

NPM=11.19.1
node_version=$(node --version)
base=docker.io/library/node:26-bookworm-slim

say() { printf '%s\n' "$*"; }
fail() {
  say "the image cannot be built: $*" >&2
  exit 1
}

is_base_there() { [ "$(buildah inspect --type image --format '{{index .OCIv1.Config.Labels "muster.make"}}' "$base" 2>/dev/null)" = "$make" ]; }

make_base() {
  local root npm container
  root=$scratch/root
  mmdebstrap --quiet --variant=minbase --include=libatomic1,libstdc++6 --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt=force-unsafe-io --skip=cleanup/reproducible bookworm "$root" || return
  install -m 0755 "$(node -p process.execPath)" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
  npm=$(cd "$scratch" && npm pack --silent "npm@$NPM") || return
  tar -xzf "$scratch/$npm" -C "$root/usr/local/lib/node_modules" --transform 's#^package#npm#' || return
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  # The certificate authorities that this machine trusts, including that of a registry mirror.
  mkdir -p "$root/etc/ssl/certs"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >"$root/usr/local/etc/npmrc"
  container=$(buildah from scratch) || return
  buildah add --quiet "$container" "$root" / >/dev/null || return
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --label "muster.make=$make" "$container"
  buildah commit --quiet --rm "$container" "$base" >/dev/null
}

# Identifies how a cached base was made: a change to make_base or Node.js rebuilds it.
make=$(declare -f make_base | sha256sum | cut -c 1-16)-$node_version
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if is_base_there; then
  say 'base: kept from before'
else
  say "base: $base, from Debian's packages and Node.js $node_version"
  make_base || fail 'the base could not be made'
fi

buildah bud --quiet --pull-never --isolation chroot --network host --format docker --layers \
  --build-arg "VERSION=$(node -p 'require("./package.json").version')" \
  --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
  --tag "$image" . >/dev/null || fail 'buildah failed'
# Recent layers save a minute; those older than a week are removed.
podman image prune --force --filter until=168h >/dev/null
size=$(podman image inspect --format '{{.Size}}' "$image")
say "image: $((size / 1000000)) MB, of which $(podman history --format '{{.Size}}' "$image" | grep -v '^0 B' | tail -1) are Debian and Node.js"
