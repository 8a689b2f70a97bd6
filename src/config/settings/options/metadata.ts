// [metadata] and [logging]: the kind of document, and what is logged.

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
    member: 'level',
    default: 'info',
    meaning: 'the lowest level that is logged. In a filter such as `info,udp=debug` the part without a target counts',
    isTorrusts: true,
  }),
  trace_style: optionWithoutDefault({
    schema: oneOf('full', 'pretty', 'compact', 'json'),
    member: 'style',
    defaultInWords: '`pretty` on a terminal, else `json`',
    meaning: 'format of log lines',
    isTorrusts: true,
  }),
}
