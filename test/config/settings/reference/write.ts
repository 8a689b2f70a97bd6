// `npm run docs:configuration`: updates the tables of docs/configuration.md from the options.

import { readFileSync, writeFileSync } from 'node:fs'
import { allOptions } from './options.ts'
import { withTables } from './tables.ts'

const FILE = 'docs/configuration.md'

writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8'), allOptions()))
