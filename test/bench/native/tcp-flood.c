// Hostile TCP connections. half-open: connects and sends nothing. slow: sends a request one byte a second. fresh: a
// whole announce on a new connection, again and again. Connections that the server closes are opened again. Prints the
// number of connections as JSON.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tcp-sources.h"

enum { MAX_OPEN = 8192, EVENTS = 256 };
static const char USAGE[] =
    "usage: tcp-flood half-open|slow|fresh HOST PORT SECONDS NETWORK ADDRESSES OPEN PER_SECOND\n"
    "From so many ADDRESSES of NETWORK (2a00:bad::/57, for example), with at most OPEN connections at a time and at\n"
    "most PER_SECOND new ones. HOST and NETWORK must be loopback, except in the namespaces of the soak.\n";

typedef enum { HALF_OPEN, SLOW, FRESH, ATTACKS } Attack;
static const char *const names[ATTACKS] = {"half-open", "slow", "fresh"};

typedef struct {
  int fd;
  uint32_t sent;
  double sent_at, opened_at;
} Connection;

static Attack attack;
static TcpNetwork network;
static Loopback target;
static Connection connections[MAX_OPEN];
static char request[512];
static int request_size, poller;
static uint32_t addresses, limit, opened, established, closed, answered;

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void open_connection(Connection *connection, double at) {
  Loopback own = tcp_address(&network, random_below(addresses));
  int fd = tcp_open(&own, &target);
  if (fd < 0) return;
  *connection = (Connection){.fd = fd, .opened_at = at};
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = (uint32_t)(connection - connections)};
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
  opened++;
}

static void close_connection(Connection *connection) {
  close(connection->fd);
  connection->fd = 0;
  closed++;
}

static void send_some(Connection *connection, int size) {
  ssize_t step = send(connection->fd, request + connection->sent, (size_t)size, MSG_NOSIGNAL);
  if (step > 0) connection->sent += (uint32_t)step;
}

static void notice(Connection *connection, uint32_t events, double at) {
  char rest[4096];
  if (!connection->fd) return;
  if (events & EPOLLOUT && !connection->sent_at) {
    established++;
    connection->sent_at = at;
    if (attack == FRESH) send_some(connection, request_size);
  }
  if (!(events & (EPOLLIN | EPOLLERR | EPOLLHUP))) return;
  if (recv(connection->fd, rest, sizeof rest, MSG_DONTWAIT) > 0) answered++;
  close_connection(connection);
}

// One byte a second, the end of the head never.
static void drip(double at) {
  for (uint32_t i = 0; i < limit; i++) {
    Connection *connection = &connections[i];
    if (!connection->fd || !connection->sent_at || at - connection->sent_at < 1) continue;
    connection->sent_at = at;
    if ((int)connection->sent < request_size - 4) send_some(connection, 1);
  }
}

static void open_more(double allowance, double at) {
  static uint32_t next;
  for (uint32_t i = 0; i < limit && opened < allowance; i++, next = (next + 1) % limit) {
    if (!connections[next].fd) open_connection(&connections[next], at);
  }
}

static bool read_arguments(int count, char **argument) {
  if (count != 9 || !loopback_read(&target, argument[2], argument[3])) return false;
  if (!tcp_network_read(&network, argument[5])) return false;
  addresses = (uint32_t)strtoul(argument[6], NULL, 10);
  limit = (uint32_t)strtoul(argument[7], NULL, 10);
  while (attack < ATTACKS && strcmp(names[attack], argument[1])) attack++;
  return attack < ATTACKS && addresses && limit && limit <= MAX_OPEN;
}

int main(int count, char **argument) {
  static struct epoll_event events[EVENTS];
  if (!read_arguments(count, argument)) return fputs(USAGE, stderr), 2;
  bool is_ipv6 = target.generic.sa_family == AF_INET6;
  request_size = snprintf(request, sizeof request,
      "GET /announce?info_hash=%%61aaaaaaaaaaaaaaaaaaa&peer_id=-AT0100-000000000000&port=6881&uploaded=0&downloaded=0"
      "&left=1&compact=1 HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: attack\r\nConnection: close\r\n\r\n",
      is_ipv6 ? "[" : "", argument[2], is_ipv6 ? "]" : "");
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){MAX_OPEN + 16, MAX_OPEN + 16}); // where it may
  poller = epoll_create1(0);
  double per_second = strtod(argument[8], NULL), begun = seconds_now(), at = begun, dripped_at = begun;
  for (double end = begun + strtod(argument[4], NULL); at < end; at = seconds_now()) {
    open_more((at - begun) * per_second, at);
    int changes = epoll_wait(poller, events, EVENTS, 2);
    for (int i = 0; i < changes; i++) notice(&connections[events[i].data.u32], events[i].events, at);
    if (attack != SLOW || at - dripped_at < 0.1) continue;
    dripped_at = at;
    drip(at);
  }
  printf("{\"sent\":%u,\"sentPerSecond\":%.0f,\"established\":%u,\"closed\":%u,\"answered\":%u}\n", opened,
         opened / (at - begun), established, closed, answered);
  return 0;
}
