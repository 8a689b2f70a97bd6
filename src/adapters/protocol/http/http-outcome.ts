// The outcome of reading a request, and the client's failure reason (protocol rules HTTP-11, HTTP-12, HTTP-43). The
// reasons are constants, so nothing that a client sends can be echoed (SEC-24).

export const HttpOutcome = {
  /** The request is well formed. */
  Read: 0,
  /** More than 128 pairs: status 400, the only outcome without a bencoded reply (HTTP-05). */
  TooManyParameters: 1,
  AddressUnknown: 2,
  MissingInfoHash: 3,
  MultipleInfoHashes: 4,
  InvalidInfoHash: 5,
  MissingPeerId: 6,
  InvalidPeerId: 7,
  FullScrape: 8,
} as const
export type HttpOutcome = (typeof HttpOutcome)[keyof typeof HttpOutcome]

/** Indexed by outcome. The first two are not failures of the tracker protocol and have no text. */
export const HTTP_FAILURE_TEXT: readonly string[] = [
  '',
  '',
  'client address unknown',
  'missing info_hash',
  'multiple info_hash',
  'invalid info_hash',
  'missing peer_id',
  'invalid peer_id',
  'full scrape not allowed',
]
