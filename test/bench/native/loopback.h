// Sockets that cannot leave the machine: every address is checked to be 127.0.0.0/8 or ::1, unless the program runs in
// a network namespace of the soak, which is known by its only interface and has no way out.
#pragma once
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct {
  union {
    struct sockaddr generic;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
  };
  socklen_t size;
} Loopback;

static bool is_enclosed(void) { return if_nametoindex("soak0") != 0; }

static bool loopback_read(Loopback *address, const char *host, const char *port) {
  char *rest;
  long number = strtol(port, &rest, 10);
  memset(address, 0, sizeof *address);
  if (*rest || rest == port || number < 0 || number > 65535) return false;
  if (inet_pton(AF_INET, host, &address->ipv4.sin_addr) == 1) {
    address->ipv4.sin_family = AF_INET;
    address->ipv4.sin_port = htons((uint16_t)number);
    address->size = sizeof address->ipv4;
    return ntohl(address->ipv4.sin_addr.s_addr) >> 24 == 127 || is_enclosed();
  }
  if (inet_pton(AF_INET6, host, &address->ipv6.sin6_addr) != 1) return false;
  address->ipv6.sin6_family = AF_INET6;
  address->ipv6.sin6_port = htons((uint16_t)number);
  address->size = sizeof address->ipv6;
  return IN6_IS_ADDR_LOOPBACK(&address->ipv6.sin6_addr) || is_enclosed();
}

// A datagram socket with buffers for whole batches; the forced sizes need privileges, the others are best effort.
static int loopback_socket(const Loopback *address, int flags) {
  int fd = socket(address->generic.sa_family, SOCK_DGRAM | flags, 0), size = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  return fd;
}
