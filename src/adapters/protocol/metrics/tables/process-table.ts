// What is counted of the process itself.

/** Always counted: lines that the log could not write, because its reader was too slow or its disk was full. */
export const PROCESS_COUNTERS = ['log_lines_dropped'] as const
