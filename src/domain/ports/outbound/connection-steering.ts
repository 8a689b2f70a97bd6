// Where new connections go when several sockets, of this process and of others, listen on one TCP port. A process that
// stops has them go to its successor first, because a listening socket that closes takes along what it has not yet
// accepted.

/**
 * Handed to each listener with its options, and absent where the system has no such thing; the container does not hold
 * it. `fd` is the descriptor of a listening socket: a number of this process, from 0 on, good for as long as the socket
 * is open. Both methods return at once and never throw.
 */
export interface ConnectionSteering {
  /**
   * New connections to the socket's port go to the process that began to listen there next after this one; to any if
   * there is none. Connections that were made before stay where they are. False when the system refuses: then nothing
   * has changed, and new connections keep coming to this process until the socket is closed.
   */
  steerAway(fd: number): boolean
  /**
   * New connections to the socket's port are spread over all its sockets again, no matter which process has steered
   * them.
   */
  spread(fd: number): void
}
