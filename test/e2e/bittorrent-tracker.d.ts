// The package ships no types; these are the parts that the tests use.
declare module 'bittorrent-tracker' {
  import type { EventEmitter } from 'node:events'

  export interface ClientOptions {
    readonly infoHash: Uint8Array
    readonly peerId: Uint8Array
    readonly announce: readonly string[]
    readonly port: number
  }

  /** Emits `update` and `scrape` with counts, `peer` with an address, `warning` and `error`. */
  export class Client extends EventEmitter {
    constructor(options: ClientOptions)
    start(figures: { readonly left: number; readonly numwant?: number }): void
    update(figures: { readonly left: number; readonly numwant?: number }): void
    complete(figures: { readonly left: number }): void
    stop(figures: { readonly left: number }): void
    scrape(): void
    destroy(done?: () => void): void
  }

  export interface ServerOptions {
    readonly udp?: boolean
    readonly http?: boolean
    readonly ws: boolean
    readonly stats: boolean
  }

  interface Hosts {
    readonly http: string
    readonly udp: string
    readonly udp6: string
  }

  /** Emits `listening`, `warning` and `error`. Its sockets exist after `listening`. */
  export class Server extends EventEmitter {
    constructor(options: ServerOptions)
    readonly http: { address(): { readonly port: number } | null }
    readonly udp: { address(): { readonly port: number } }
    listen(port: number, hosts: Hosts): void
    close(done?: () => void): void
  }
}
