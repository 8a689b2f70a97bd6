// A swarm's counts, as a scrape reports them (BEP 48, BEP 15, BEP 21).

/** Reused record; all zero for a swarm that was never announced. Counts are over both address families. */
export class SwarmCounts {
  seeders = 0
  /** Completed downloads since the swarm was first seen. */
  completed = 0
  /** Includes partial seeds. */
  leechers = 0
  /** Leechers that still download: leechers less partial seeds (BEP 21). */
  downloaders = 0
}
