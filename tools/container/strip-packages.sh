#!/bin/sh
# strip-packages.sh NODE_MODULES: removes the parts of the production packages that never run on this platform.
set -eu
cd "$1"

# An optional peer of valibot; npm keeps it although it is a development dependency here.
rm -rf typescript .bin/tsc .bin/tsserver

# SQLite is in the prebuilt binary; its sources and other platforms' binaries are not needed.
rm -rf better-sqlite3/deps better-sqlite3/src better-sqlite3/binding.gyp better-sqlite3/node_modules
find better-sqlite3/prebuilds -type f ! -name "$(node -p 'process.platform + "-" + process.arch').node" -delete
# Likewise koffi, whose binary is in a package of its own; its sources are mixed with scripts that do run.
rm -rf koffi/doc koffi/vendor
find koffi -type f \( -name '*.cc' -o -name '*.hh' -o -name '*.[chS]' -o -name '*.asm' -o -name '*.inc' \) -delete

# Of Swagger UI, keep only what its page loads.
find swagger-ui-dist \( -name '*.map' -o -name 'log.*' -o -name 'swagger-ui-es-*' -o -name 'swagger-ui.js' \) -delete

# Maps and declarations are for development only.
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) ! -iname 'license*' -delete
rm -f .package-lock.json
