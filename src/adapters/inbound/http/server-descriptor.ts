// The file descriptor of a listening server, which Node.js keeps in an undocumented handle.

/** Undefined if there is none; then its connections can be neither steered nor accepted by the plain driver. */
export function descriptorOf(server: object): number | undefined {
  const handle = '_handle' in server ? server._handle : undefined
  const isHandle = typeof handle === 'object' && handle !== null && 'fd' in handle
  return isHandle && typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}
