#!/usr/bin/env node
// Entry point of `tracker_client`, the name of Torrust's program: `muster tracker-client` under another name.

process.argv.splice(2, 0, 'tracker-client')
await import('./main.ts')
