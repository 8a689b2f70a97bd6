// [metadata] and [logging]: the kind of document, and what is logged.

import { writeLogFilter } from '../log-filter.ts'
import { oneOf, traceFilter } from '../schema-types.ts'
import { option, optionWithoutDefault } from './option.ts'

export const metadataOptions = {
  app: optionWithoutDefault({ schema: oneOf('torrust-tracker', 'muster'), meaning: 'no effect', isTorrusts: true }),
  purpose: optionWithoutDefault({ schema: oneOf('configuration'), meaning: 'no effect', isTorrusts: true }),
  schema_version: option({
    schema: oneOf('2.0.0', '3.0.0'),
    default: '3.0.0',
    meaning: 'which schema the document follows; must be given for 2.0.0',
    isTorrusts: true,
  }),
}

export const loggingOptions = {
  trace_filter: option({
    schema: traceFilter,
    member: 'filter',
    default: { level: 'info', targets: [] },
    meaning: 'the lowest level that is logged; `info,udp=debug` has [a level of its own for a target](#what-is-logged)',
    isTorrusts: true,
    print: writeLogFilter,
  }),
  trace_style: optionWithoutDefault({
    schema: oneOf('full', 'pretty', 'compact', 'json'),
    member: 'style',
    defaultInWords: '`pretty` on a terminal, else `json`',
    meaning: 'format of log lines',
    isTorrusts: true,
  }),
}
