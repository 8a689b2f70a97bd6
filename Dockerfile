# The tracker's image: see docs/container.md for its use and docs/adr/0028 for its design. Nothing in here depends on
# the processor: packages with native parts include prebuilt binaries for amd64 and arm64.

ARG NODE_IMAGE=docker.io/library/node:26-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools/node-runtime tools/node-runtime
COPY tools/webrtc-stub tools/webrtc-stub
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-update-notifier

# The compiler is among these packages, because valibot lists it as an optional peer. Types are checked by
# `npm run check`: here it would need all development packages and produce the same files.
FROM packages AS build
COPY tsconfig.json tsconfig.build.json ./
COPY tools/container/tsconfig.json tools/container/
COPY src src
RUN node node_modules/typescript/bin/tsc -p tools/container && chmod 0755 dist/config/main.js

# The packages without the parts that never run: compiler, sources, other platforms' binaries, source maps.
FROM packages AS stripped
COPY tools/container/strip-packages.sh tools/container/
RUN sh tools/container/strip-packages.sh node_modules

# From the base image, only node and the programs of the entry script: no package managers, headers or setuid programs.
FROM ${NODE_IMAGE} AS root
COPY tools/container/take-root.sh /take-root.sh
RUN sh /take-root.sh /taken

FROM scratch
COPY --from=root /taken /

ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_ENV=production \
    TORRUST_TRACKER_CONFIG_TOML_PATH=/etc/torrust/tracker/tracker.toml \
    USER_ID=1000 \
    UDP_PORT=6969 \
    HTTP_PORT=7070 \
    API_PORT=1212 \
    HEALTH_CHECK_API_PORT=1313 \
    TZ=Etc/UTC

WORKDIR /app
COPY --from=stripped /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY share/container/*.toml share/container/secrets.sh share/container/
COPY --chmod=0755 share/container/entry.sh /usr/local/bin/entry.sh
COPY --chmod=0755 share/container/muster share/container/http_health_check /usr/bin/

# Volumes are created from these folders: writable for user 10001 and for any user in group 0, the default group of a
# user given without one. `storage` holds the files of a document without `process.data_directory`.
RUN ln -s muster /usr/bin/torrust-tracker \
 && install -d -o 10001 -g 0 -m 0770 /var/lib/torrust/tracker /var/lib/torrust/tracker/database \
      /var/log/torrust/tracker /etc/torrust/tracker \
 && install -d storage/tracker \
 && ln -s /var/lib/torrust/tracker storage/tracker/lib \
 && ln -s /var/log/torrust/tracker storage/tracker/log

VOLUME ["/var/lib/torrust/tracker", "/var/log/torrust/tracker", "/etc/torrust/tracker"]
EXPOSE 6969/udp 7070/tcp 1212/tcp 1313/tcp

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Muster" \
      org.opencontainers.image.description="A BitTorrent tracker for UDP and HTTP" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Process 1 is node itself: the entry script and the commands exec it. It handles SIGTERM and starts no processes, so no
# init is needed to forward signals or to reap children.
STOPSIGNAL SIGTERM
# The program waits 6 s for an answer. Loading large databases and snapshots may take most of the start period.
HEALTHCHECK --interval=10s --timeout=7s --start-period=60s --retries=3 CMD ["/usr/bin/http_health_check"]
ENTRYPOINT ["/usr/local/bin/entry.sh"]
CMD ["/usr/bin/torrust-tracker"]
