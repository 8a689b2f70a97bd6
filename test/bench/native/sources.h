// Datagrams from any address of a network: one socket, and the source in a control message of each datagram (ip(7),
// IP_PKTINFO). The kernel must regard the whole network as its own, as it does 127.0.0.0/8.
#pragma once
#include <errno.h>

#include "loopback.h"
#include "population.h"

enum { BATCH = 64 };

typedef struct {
  uint32_t base; // host byte order
  uint32_t size;
} Network;

// "60.0.0.0/8"; an address alone is a network of one.
static bool network_read(Network *network, const char *text) {
  char address[32];
  const char *slash = strchr(text, '/');
  size_t length = slash ? (size_t)(slash - text) : strlen(text);
  long bits = slash ? strtol(slash + 1, NULL, 10) : 32;
  struct in_addr parsed;
  if (length >= sizeof address || bits < 1 || bits > 32) return false;
  memcpy(address, text, length);
  address[length] = 0;
  if (inet_pton(AF_INET, address, &parsed) != 1) return false;
  *network = (Network){.base = ntohl(parsed.s_addr), .size = bits == 32 ? 1 : 1u << (32 - bits)};
  return true;
}

// A batch to send, each datagram with a source and a destination of its own.
typedef struct {
  int count;
  struct iovec part[BATCH];
  struct sockaddr_in to[BATCH];
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr aligned;
  } control[BATCH];
  struct mmsghdr message[BATCH];
} Outgoing;

static void outgoing_prepare(Outgoing *out, uint8_t (*datagrams)[2048]) {
  for (int i = 0; i < BATCH; i++) {
    out->part[i].iov_base = datagrams[i];
    out->control[i].aligned = (struct cmsghdr){
        .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo))};
    out->message[i].msg_hdr = (struct msghdr){
        .msg_name = &out->to[i], .msg_namelen = sizeof out->to[i], .msg_iov = &out->part[i], .msg_iovlen = 1,
        .msg_control = out->control[i].bytes, .msg_controllen = sizeof out->control[i].bytes};
  }
}

static void outgoing_add(Outgoing *out, size_t size, uint32_t source, const struct sockaddr_in *to) {
  int i = out->count++;
  struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(source)};
  memcpy(CMSG_DATA(&out->control[i].aligned), &info, sizeof info);
  out->part[i].iov_len = size;
  out->to[i] = *to;
}

// Returns how many were sent; what the kernel does not take is dropped.
static uint64_t outgoing_flush(Outgoing *out, int fd) {
  int sent = 0;
  while (sent < out->count) {
    int step = sendmmsg(fd, out->message + sent, (unsigned)(out->count - sent), 0);
    if (step > 0) sent += step;
    else if (errno != EINTR) break;
  }
  out->count = 0;
  return (uint64_t)sent;
}

// A socket on all addresses. Replies to a socket with a tiny buffer soon cost nothing.
static int source_socket(bool reads) {
  struct sockaddr_in any = {.sin_family = AF_INET};
  Loopback own = {.ipv4 = any, .size = sizeof any};
  int fd = loopback_socket(&own, SOCK_NONBLOCK), tiny = 1;
  if (!reads) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
  return fd < 0 || bind(fd, &own.generic, own.size) ? -1 : fd;
}
