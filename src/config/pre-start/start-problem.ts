// What would keep the tracker from starting, found before anything is started: `muster config check`, `muster doctor`
// and the start itself report it in these words.

export interface StartProblem {
  /** The option that causes it, dotted: `http_trackers.0.tls_config`. */
  readonly option: string
  /** What is wrong, without the option. */
  readonly message: string
  /** What to change. */
  readonly remedy: string
}

/** On one line; begins with the option. */
export function writeStartProblem({ option, message, remedy }: StartProblem): string {
  return `${option}: ${message}; ${remedy}`
}
