// Requests and replies of the UDP tracker protocol (BEP 15), as far as the load needs them.
#pragma once
#include <arpa/inet.h>

#include "population.h"

enum { CONNECT = 0, ANNOUNCE = 1, SCRAPE = 2, FAILURE = 3, KINDS = 4 };
enum { EVENT_COMPLETED = 1, EVENT_STARTED = 2 };
enum { HEADER_BYTES = 16, ANNOUNCE_BYTES = 98, HASH_BYTES = 20, MAX_SCRAPED = 74, KEY_BYTES = 32 };

static void put16(uint8_t *at, uint16_t value) { memcpy(at, &(uint16_t){htons(value)}, 2); }
static void put32(uint8_t *at, uint32_t value) { memcpy(at, &(uint32_t){htonl(value)}, 4); }

static uint32_t get32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return ntohl(value);
}

static void write_header(uint8_t *out, uint64_t connection_id, uint32_t action, uint32_t transaction) {
  static const uint8_t protocol_id[8] = {0x00, 0x00, 0x04, 0x17, 0x27, 0x10, 0x19, 0x80};
  memcpy(out, action == CONNECT ? (const void *)protocol_id : &connection_id, 8);
  put32(out + 8, action);
  put32(out + 12, transaction);
}

// A peer keeps its id, key and port; whether it is a seeder is chosen for each announce, as in the published load.
static size_t write_announce(uint8_t *out, const Population *population, uint32_t peer, bool is_seeding, uint32_t wanted) {
  uint64_t fixed = spread(~(uint64_t)peer);
  info_hash_of(population->torrent_of[peer], out + 16);
  memset(out + 36, 0, ANNOUNCE_BYTES - 36);
  memcpy(out + 36, "-LD0100-", 8);
  put32(out + 44, peer);
  memcpy(out + 48, &fixed, 8);
  put32(out + 60, is_seeding ? 1 << 24 : 1 << 20);        // downloaded, low word
  put32(out + 68, is_seeding ? 0 : (1 << 24) - (1 << 20)); // left, low word
  put32(out + 76, 1 << 18);                                // uploaded, low word
  put32(out + 80, is_seeding ? EVENT_COMPLETED : EVENT_STARTED);
  put32(out + 88, (uint32_t)(fixed >> 7));
  put32(out + 92, wanted);
  put16(out + 96, (uint16_t)(10000 + fixed % 55000));
  return ANNOUNCE_BYTES;
}

// The option with the path of the announce URL, `/KEY/announce`, for private trackers.
static size_t write_url_data(uint8_t *out, const char *key) {
  static const char rest[9] = {'/', 'a', 'n', 'n', 'o', 'u', 'n', 'c', 'e'};
  out[0] = 2;
  out[1] = 1 + KEY_BYTES + sizeof rest;
  out[2] = '/';
  memcpy(out + 3, key, KEY_BYTES);
  memcpy(out + 3 + KEY_BYTES, rest, sizeof rest);
  return 2 + out[1];
}

static size_t write_scrape(uint8_t *out, const Population *population, uint32_t hashes) {
  for (uint32_t i = 0; i < hashes; i++) {
    info_hash_of(population->torrent_of[random_below(population->peers)], out + HEADER_BYTES + i * HASH_BYTES);
  }
  return HEADER_BYTES + (size_t)hashes * HASH_BYTES;
}

// Whether a reply of `size` bytes is plausible for a request of this kind; `hashes` is the number of scraped hashes.
static bool has_right_size(int kind, size_t size, size_t peer_bytes, uint32_t hashes) {
  if (kind == CONNECT) return size == 16;
  if (kind == ANNOUNCE) return size >= 20 && (size - 20) % peer_bytes == 0;
  return size == 8 + 12 * (size_t)hashes;
}
