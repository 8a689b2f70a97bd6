// Counters of certificates, over all listeners.

/** Always counted: certificate reloads, and failed ones. */
export const TLS_COUNTERS = ['tls_reloads', 'tls_reload_failures'] as const
