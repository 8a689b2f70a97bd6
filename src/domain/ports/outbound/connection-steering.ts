// Where new connections go when several sockets, of this process and of others, listen on one TCP port. A stopping
// process first directs them to its successor, because closing a listening socket drops connections it has not accepted
// yet.

/**
 * Passed to each listener with its options, and absent where the system does not support it; not registered in the
 * container. `fd` is the descriptor of a listening socket: a number of this process, from 0 on, valid while the socket
 * is open. Both methods return at once and never throw.
 */
export interface ConnectionSteering {
  /**
   * New connections to the socket's port go to the process that started listening there next after this one; to any if
   * there is none. Existing connections stay where they are. False when the system refuses: then nothing has changed,
   * and new connections still reach this process until the socket is closed.
   */
  steerAway(fd: number): boolean
  /**
   * New connections to the socket's port are spread over all its sockets again, no matter which process steered them.
   */
  spread(fd: number): void
}
