// [snapshot] and [process]: what survives a restart, and how the process stops.

import { boolean, secondsBetween, text } from '../schema-types.ts'
import { fileOption, option } from './option.ts'

const DAY_SECONDS = 86_400

export const snapshotOptions = {
  enabled: option({
    schema: boolean,
    member: 'isEnabled',
    default: true,
    meaning: '`false`: every start begins without swarms',
  }),
  file: fileOption({
    schema: text('must be the path of a file'),
    default: 'swarms.snapshot',
    meaning: 'where swarms are saved',
  }),
  interval: option({
    schema: secondsBetween(0, DAY_SECONDS),
    unit: 'Seconds',
    default: 300,
    meaning: 'time between snapshots; 0: only when the tracker stops',
  }),
}

export const processOptions = {
  shutdown_deadline: option({
    schema: secondsBetween(0, 600),
    unit: 'Seconds',
    default: 10,
    meaning: 'time that a stop may take; what still runs then is ended',
  }),
  data_directory: option({
    schema: text('must be a directory'),
    default: './storage/tracker/lib',
    meaning: 'folder of the files that survive a restart',
  }),
}
