// Offsets, sizes and constants of the UDP tracker protocol (BEP 15, "UDP connections / spoofing", and BEP 41). All
// integers on the wire are big endian, the default of DataView.

/** The action of a request and of its reply; `Error` is a reply only. */
export const Action = { Connect: 0, Announce: 1, Scrape: 2, Error: 3 } as const
export type Action = (typeof Action)[keyof typeof Action]

/** The protocol magic 0x41727101980, in the place of the connection id in other requests. */
export const MAGIC_HIGH = 0x417
export const MAGIC_LOW = 0x27101980

/**
 * Every request begins with:
 *
 * | offset | bytes | |
 * | --- | --- | --- |
 * | 0 | 8 | connection id, or the magic |
 * | 8 | 4 | action |
 * | 12 | 4 | transaction id |
 */
export const REQUEST_HEADER_BYTES = 16
export const ACTION_AT = 8
export const TRANSACTION_AT = 12

/**
 * Every reply begins with:
 *
 * | offset | bytes | |
 * | --- | --- | --- |
 * | 0 | 4 | action |
 * | 4 | 4 | transaction id, bit for bit |
 */
export const REPLY_HEADER_BYTES = 8

export const CONNECT_REPLY_BYTES = 16

/**
 * Announce request, after the header:
 *
 * | offset | bytes | | offset | bytes | |
 * | --- | --- | --- | --- | --- | --- |
 * | 16 | 20 | info hash | 80 | 4 | event |
 * | 36 | 20 | peer id | 84 | 4 | IP address: ignored (SEC-11) |
 * | 56 | 8 | downloaded | 88 | 4 | key |
 * | 64 | 8 | left | 92 | 4 | peers wanted, signed |
 * | 72 | 8 | uploaded | 96 | 2 | port |
 */
export const ANNOUNCE_REQUEST_BYTES = 98
export const INFO_HASH_AT = 16
export const PEER_ID_AT = 36
export const DOWNLOADED_AT = 56
export const LEFT_AT = 64
export const UPLOADED_AT = 72
export const EVENT_AT = 80
export const IP_ADDRESS_AT = 84
export const KEY_AT = 88
export const PEERS_WANTED_AT = 92
export const PORT_AT = 96
/** BEP 41: options follow the announce request. */
export const OPTIONS_AT = 98

/** Announce reply: header, interval, leechers, seeders (in that order), then compact peers. */
export const ANNOUNCE_REPLY_BYTES = 20
/** Bytes of a compact peer by address family. */
export const PEER_BYTES = [6, 18] as const
/** Maximum number of peers in a reply by family, so that no reply is longer than 1232 bytes (UDP-20). */
export const MAX_PEERS = [200, 67] as const

export const INFO_HASH_BYTES = 20
/** Scrape reply, one row per hash: seeders, completed, leechers. */
export const SCRAPE_ROW_BYTES = 12
/** "Up to about 74 torrents can be scraped at once" (BEP 15). */
export const MAX_SCRAPE_HASHES = 74
