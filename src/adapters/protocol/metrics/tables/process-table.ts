// Counters of the process itself.

/** Always counted: log lines that could not be written because the reader was too slow or the disk was full. */
export const PROCESS_COUNTERS = ['log_lines_dropped'] as const
