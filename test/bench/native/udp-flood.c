// A flood of datagrams that prove nothing, from many addresses of 127.0.0.0/8, as fast as one core sends them. Replies are
// not read. `udp-flood KIND HOST PORT SECONDS`; KIND is garbage, connects or forged (announces with random ids). Prints
// the number of datagrams that it has sent as JSON.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "loopback.h"
#include "tracker-messages.h"

enum { SOURCES = 256, BATCH = 64, GARBAGE_BYTES = 64 };

static uint8_t datagrams[BATCH][ANNOUNCE_BYTES];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint32_t any_word(void) { return random_below(UINT32_MAX); }

static size_t write_datagram(const char *kind, uint8_t *out) {
  if (!strcmp(kind, "connects")) return write_header(out, 0, CONNECT, any_word()), HEADER_BYTES;
  for (int at = 0; at + 4 <= ANNOUNCE_BYTES; at += 4) put32(out + at, any_word());
  if (!strcmp(kind, "garbage")) return 1 + random_below(GARBAGE_BYTES);
  put32(out + 8, ANNOUNCE);
  return ANNOUNCE_BYTES;
}

// A small receive buffer: replies that nobody reads soon cost nothing.
static int open_source(const Loopback *target) {
  Loopback own = *target;
  own.ipv4.sin_port = 0;
  own.ipv4.sin_addr.s_addr = htonl(0x7f000000 | (random_below(0xfffffe) + 1));
  int fd = socket(AF_INET, SOCK_DGRAM, 0), size = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (fd < 0 || bind(fd, &own.generic, own.size) || connect(fd, &target->generic, target->size)) return -1;
  return fd;
}

int main(int count, char **argument) {
  Loopback target;
  int sources[SOURCES];
  uint64_t sent = 0;
  if (count != 5 || !loopback_read(&target, argument[2], argument[3]) || target.generic.sa_family != AF_INET) {
    return fputs("usage: udp-flood garbage|connects|forged 127.X.X.X PORT SECONDS\n", stderr), 2;
  }
  for (int i = 0; i < SOURCES; i++) {
    if ((sources[i] = open_source(&target)) < 0) return perror("udp-flood"), 1;
  }
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){datagrams[i], write_datagram(argument[1], datagrams[i])};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  double begun = seconds_now(), end = begun + strtod(argument[4], NULL);
  while (seconds_now() < end) {
    int step = sendmmsg(sources[random_below(SOURCES)], messages, BATCH, 0);
    if (step > 0) sent += (uint64_t)step;
    else if (errno != EINTR && errno != ECONNREFUSED && errno != EAGAIN) return perror("udp-flood"), 1;
  }
  printf("{\"sent\":%lu,\"sentPerSecond\":%.0f}\n", sent, (double)sent / (seconds_now() - begun));
  return 0;
}
