// TCP connections from any address of a network of either family. The kernel must regard the network as its own.
#pragma once
#include <netinet/tcp.h>

#include "loopback.h"
#include "population.h"

typedef struct {
  Loopback base;
  uint32_t bits; // length of the prefix
} TcpNetwork;

// "2a00:bad::/57" or "60.0.0.0/8".
static bool tcp_network_read(TcpNetwork *network, const char *text) {
  char address[64];
  const char *slash = strchr(text, '/');
  size_t length = slash ? (size_t)(slash - text) : strlen(text);
  if (length >= sizeof address) return false;
  memcpy(address, text, length);
  address[length] = 0;
  if (!loopback_read(&network->base, address, "0")) return false;
  uint32_t all = network->base.generic.sa_family == AF_INET6 ? 128 : 32;
  network->bits = slash ? (uint32_t)strtoul(slash + 1, NULL, 10) : all;
  return network->bits <= all;
}

// The address with this number: its bits behind the prefix are a hash of the number.
static Loopback tcp_address(const TcpNetwork *network, uint32_t number) {
  Loopback own = network->base;
  bool is_ipv6 = own.generic.sa_family == AF_INET6;
  uint8_t *bytes = is_ipv6 ? own.ipv6.sin6_addr.s6_addr : (uint8_t *)&own.ipv4.sin_addr;
  for (uint32_t at = network->bits, all = is_ipv6 ? 128 : 32; at < all; at++) {
    uint64_t word = spread((uint64_t)number << 2 | at / 64);
    if (word >> at % 64 & 1) bytes[at / 8] |= (uint8_t)(0x80 >> at % 8);
  }
  return own;
}

// A connection on its way, or -1. It leaves nothing behind when it is closed.
static int tcp_open(const Loopback *own, const Loopback *target) {
  int fd = socket(target->generic.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
  struct linger at_once = {.l_onoff = 1};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (target->generic.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &yes, sizeof yes);
  if (fd >= 0 && !bind(fd, &own->generic, own->size) &&
      (!connect(fd, &target->generic, target->size) || errno == EINPROGRESS)) return fd;
  if (fd >= 0) close(fd);
  return -1;
}
