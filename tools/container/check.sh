#!/usr/bin/env bash
# check.sh: builds the image and runs it as a careful operator would; exits with 1 and a message if a check fails.
# As root on Debian 12 with buildah, podman, runc and mmdebstrap; no Docker daemon.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PWD/node_modules/.bin:$PATH"
tools/container/image.sh
# shellcheck source=tools/container/surroundings.sh
. tools/container/surroundings.sh
exec node test/container/run.ts "$image"
