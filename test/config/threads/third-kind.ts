// A kind of listener thread that the tracker does not have: over TCP like HTTP, for the listeners of UDP, with a
// secret.

import type { ThreadKind } from '../../../src/config/threads/thread-kinds.ts'

export function aThirdKind(kind: Partial<ThreadKind> = {}): ThreadKind {
  return {
    name: 'third',
    entry: new URL('./third-thread.ts', import.meta.url),
    target: 'EVENTS',
    service: 'http_tracker',
    transport: 'tcp',
    listeners: 'udpListeners',
    schemeOf: () => 'https',
    wantedCount: () => 3,
    threadsPerCore: 1,
    openSecret: () => Uint8Array.of(7, 7),
    commands: ['reload'],
    ...kind,
  }
}
