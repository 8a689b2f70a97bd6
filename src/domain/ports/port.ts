// The run-time name of a port. Interfaces are erased by the compiler, and the container needs a key at run time.

/** A symbol typed, for the compiler only, with the interface it stands for. */
export type Port<T> = symbol & { readonly '~port'?: T }

/** Names a port. By convention the constant has the interface's name, so that one import brings both. */
export function port<T>(name: string): Port<T> {
  return Symbol(name)
}
