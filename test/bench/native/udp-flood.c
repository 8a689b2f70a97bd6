// A flood of datagrams from one address or a whole network, as fast as one core sends them. Kinds that prove nothing:
// garbage, connects, forged (announces with random ids). Kinds from real addresses, which connect first: swarm (one
// torrent, random ports), torrents (random torrents, two peers each), again (the same announce). Prints the number of
// datagrams sent as JSON.
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "sources.h"
#include "tracker-messages.h"

enum { DATAGRAM = 2048, GARBAGE_BYTES = 64, MAX_PROVEN = 1 << 16, CONNECT_ROUNDS = 6, REFRESH_EVERY = 64 };
static const char USAGE[] =
    "usage: udp-flood garbage|connects|forged|swarm|torrents|again HOST PORT SECONDS NETWORK [INFO_HASH]\n"
    "HOST must be in 127.0.0.0/8, and NETWORK too, except in the namespaces of the soak. NETWORK: 127.7.0.0/16, for\n"
    "example; the kinds that connect first use at most 65536 of its addresses.\n";

typedef enum { GARBAGE, CONNECTS, FORGED, SWARM, TORRENTS, AGAIN, FLOODS } Flood;
static const char *const names[FLOODS] = {"garbage", "connects", "forged", "swarm", "torrents", "again"};

static uint8_t datagrams[BATCH][DATAGRAM], incoming[BATCH][DATAGRAM];
static Outgoing out;
static struct sockaddr_in target;
static Network network;
static uint8_t info_hash[HASH_BYTES];
static uint64_t *ids; // by number of the address; 0 is none yet
static uint32_t proven;

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint32_t any_word(void) { return (uint32_t)random_bits(); }

static bool read_hash(const char *text) {
  unsigned value;
  for (int i = 0; i < HASH_BYTES; i++) {
    if (sscanf(text + 2 * i, "%2x", &value) != 1) return false;
    info_hash[i] = (uint8_t)value;
  }
  return true;
}

// The transaction id of a connect is the number of its address.
static void read_ids(int fd) {
  static struct iovec part[BATCH];
  static struct mmsghdr replies[BATCH];
  int count;
  do {
    for (int i = 0; i < BATCH; i++) {
      part[i] = (struct iovec){incoming[i], DATAGRAM};
      replies[i].msg_hdr = (struct msghdr){.msg_iov = &part[i], .msg_iovlen = 1};
    }
    count = recvmmsg(fd, replies, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
      uint32_t number = get32(incoming[i] + 4);
      if (replies[i].msg_len == 16 && !get32(incoming[i]) && number < proven) memcpy(&ids[number], incoming[i] + 8, 8);
    }
  } while (count == BATCH);
}

static void add_connect(uint32_t number) {
  write_header(datagrams[out.count], 0, CONNECT, number);
  outgoing_add(&out, HEADER_BYTES, network.base + number, &target);
}

// A few rounds, because connects are lost and limited; an address without an id sends nothing else.
static void prove_addresses(int fd) {
  for (int round = 0; round < CONNECT_ROUNDS; round++) {
    bool are_all = true;
    for (uint32_t number = 0; number < proven; number++) {
      if (!ids[number]) are_all = false, add_connect(number);
      if (out.count < BATCH) continue;
      outgoing_flush(&out, fd);
      read_ids(fd);
    }
    outgoing_flush(&out, fd);
    if (are_all) return;
    poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 50);
    read_ids(fd);
  }
}

static void add_announce(Flood flood, uint32_t number) {
  static uint32_t turn;
  uint8_t *datagram = datagrams[out.count];
  memset(datagram, 0, ANNOUNCE_BYTES);
  write_header(datagram, ids[number], ANNOUNCE, any_word());
  if (flood == TORRENTS && turn++ % 2 == 0) {
    for (int at = 0; at < HASH_BYTES; at += 4) put32(info_hash + at, any_word());
  }
  memcpy(datagram + 16, info_hash, HASH_BYTES);
  memcpy(datagram + 36, "-AT0100-", 8);
  put32(datagram + 44, flood == AGAIN ? number : any_word());
  put32(datagram + 68, flood == AGAIN ? 1 : any_word() & 1); // left: half of them are seeders
  put32(datagram + 80, EVENT_STARTED);
  put32(datagram + 92, 50);
  put16(datagram + 96, (uint16_t)(flood == AGAIN ? 6881 : 1 + random_below(65535)));
  outgoing_add(&out, ANNOUNCE_BYTES, network.base + number, &target);
}

static void add_unproven(Flood flood) {
  uint8_t *datagram = datagrams[out.count];
  size_t size = flood == CONNECTS ? HEADER_BYTES : flood == FORGED ? ANNOUNCE_BYTES : 1 + random_below(GARBAGE_BYTES);
  if (flood == CONNECTS) write_header(datagram, 0, CONNECT, any_word());
  else for (size_t at = 0; at < size; at += 4) put32(datagram + at, any_word());
  if (flood == FORGED) put32(datagram + 8, ANNOUNCE);
  outgoing_add(&out, size, network.base + random_below(network.size), &target);
}

static void add_datagrams(Flood flood) {
  for (int tries = 0; out.count < BATCH && tries < 2 * BATCH; tries++) {
    uint32_t number = random_below(proven);
    if (flood < SWARM) add_unproven(flood);
    else if (ids[number]) add_announce(flood, number);
  }
}

static bool read_arguments(int count, char **argument, Flood *flood) {
  Loopback at;
  if (count < 6 || count > 7 || !loopback_read(&at, argument[2], argument[3])) return false;
  if (at.generic.sa_family != AF_INET || !network_read(&network, argument[5])) return false;
  if (network.base >> 24 != 127 && !is_enclosed()) return false;
  target = at.ipv4;
  while (*flood < FLOODS && strcmp(names[*flood], argument[1])) (*flood)++;
  return *flood < FLOODS && (count == 6 || read_hash(argument[6]));
}

int main(int count, char **argument) {
  Flood flood = 0;
  uint64_t sent = 0, turn = 0;
  if (!read_arguments(count, argument, &flood)) return fputs(USAGE, stderr), 2;
  int from = source_socket(false), proving = source_socket(true);
  proven = network.size < MAX_PROVEN ? network.size : MAX_PROVEN;
  ids = calloc(proven, sizeof *ids);
  random_state ^= spread(network.base ^ (uint64_t)flood << 32);
  if (from < 0 || proving < 0 || !ids) return perror("udp-flood"), 1;
  outgoing_prepare(&out, datagrams);
  double begun = seconds_now(), end = begun + strtod(argument[4], NULL);
  if (flood >= SWARM) prove_addresses(proving);
  while (seconds_now() < end) {
    if (flood >= SWARM && turn++ % REFRESH_EVERY == 0) {
      for (int i = 0; i < 4; i++) add_connect(random_below(proven));
      outgoing_flush(&out, proving);
      read_ids(proving);
    }
    add_datagrams(flood);
    if (!out.count) poll(NULL, 0, 1);
    sent += outgoing_flush(&out, from);
  }
  printf("{\"sent\":%lu,\"sentPerSecond\":%.0f}\n", sent, (double)sent / (seconds_now() - begun));
  return 0;
}
