// The run-time name of a port. Interfaces are erased when TypeScript is compiled, and the container needs something to
// hold.

/** A symbol that remembers, for the compiler only, which interface it stands for. */
export type Port<T> = symbol & { readonly '~port'?: T }

/** Names a port. By convention the constant bears the interface's own name, so that one import brings both. */
export function port<T>(name: string): Port<T> {
  return Symbol(name)
}
