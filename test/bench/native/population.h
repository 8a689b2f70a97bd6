// The population of a load: torrents, peers, and the torrent of each peer. The popularity of torrents is that of the
// published comparison of UDP trackers (aquatic's bencher, 2024): torrent i of N weighs N/P + exp(6.5 - 500 i/N), so that
// a small head has hundreds of peers each and the long tail one or two. The same seed gives the same population.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  uint32_t torrents, peers;
  uint32_t *torrent_of; // of each peer
} Population;

static uint64_t random_state = 0x853c49e6748fea9bull;

// splitmix64: spreads a counter over 64 bits.
static uint64_t spread(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

static uint64_t random_bits(void) { return spread(random_state += 0xda942042e4dd58b5ull); }
static uint32_t random_below(uint32_t limit) { return (uint32_t)((random_bits() >> 32) * limit >> 32); }
static double random_share(void) { return (double)(random_bits() >> 11) * 0x1.0p-53; }

static void info_hash_of(uint32_t torrent, uint8_t *hash) {
  uint64_t parts[3];
  for (uint64_t k = 0; k < 3; k++) parts[k] = spread((uint64_t)torrent << 2 | k);
  memcpy(hash, parts, 20);
}

// The first torrent whose running total exceeds `target`.
static uint32_t torrent_at(const double *running_total, uint32_t torrents, double target) {
  uint32_t low = 0, high = torrents - 1;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (running_total[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

static bool populate(Population *population, bool evenly) {
  uint32_t torrents = population->torrents, peers = population->peers;
  double *running_total = malloc(torrents * sizeof *running_total), sum = 0;
  population->torrent_of = malloc(peers * sizeof *population->torrent_of);
  if (!running_total || !population->torrent_of) return false;
  for (uint32_t i = 0; i < torrents; i++) {
    sum += evenly ? 1 : (double)torrents / peers + exp(6.5 - 500.0 * i / torrents);
    running_total[i] = sum;
  }
  for (uint32_t i = 0; i < peers; i++) {
    population->torrent_of[i] = torrent_at(running_total, torrents, random_share() * sum);
  }
  free(running_total);
  return true;
}
