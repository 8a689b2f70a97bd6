// What is counted of certificates, over whatever listener they are served.

/** Always counted: certificates read again, and those that could not be used. */
export const TLS_COUNTERS = ['tls_reloads', 'tls_reload_failures'] as const
