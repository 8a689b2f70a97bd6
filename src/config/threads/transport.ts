// The two transports of listeners.

export const TRANSPORTS = ['udp', 'tcp'] as const
export type Transport = (typeof TRANSPORTS)[number]
