// A closed-loop load for HTTP trackers (BEP 3, 23): one thread, one announce in flight on each of a few connections, which
// are kept, or closed after each reply as real clients do: after reading it whole. The main result is the server's CPU
// time per reply. `http-load --help` lists the options. Results go to stdout as JSON.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <time.h>

#include "latency.h"
#include "loopback.h"
#include "population.h"
#include "process-cpu.h"

enum { MAX_CONNECTIONS = 4096, REQUEST = 1024, REPLY = 32768, SOURCES = 16 };
static const uint64_t SECOND = 1000000000;

static const char HELP[] =
    "usage: http-load [options] HOST PORT\n"
    "Loads an HTTP tracker on 127.0.0.0/8 with announces.\n"
    "  --duration S     seconds of measurement (2)\n"
    "  --warm-up S      seconds of load before the measurement (0.5)\n"
    "  --fill           first announce every peer once\n"
    "  --fresh          a connection for each announce; otherwise connections are kept\n"
    "  --forwarded      name an address of its own for each peer in X-Forwarded-For\n"
    "  --spread         connections of different networks: 127.0.1.2, 127.0.2.2 and so on\n"
    "  --connections N  announces in flight (64)\n"
    "  --torrents N     torrents (50000)\n"
    "  --peers N        peers, each in one torrent (100000)\n"
    "  --want N         peers requested per announce (30)\n"
    "  --pid PID        report the CPU time of this process per reply\n";

typedef struct {
  int fd;
  uint32_t length, sent, got;
  uint64_t begun_at;
  char request[REQUEST], reply[REPLY + 1];
} Connection;

static struct {
  Loopback target;
  Population population;
  uint32_t connections, wanted, pid;
  double duration, warm_up;
  bool fill, fresh, forwarded, spread;
} options = {.population = {.torrents = 50000, .peers = 100000}, .connections = 64, .wanted = 30, .duration = 2,
             .warm_up = 0.5};
static Connection connections[MAX_CONNECTIONS];
static int epoll;
static uint32_t filled;
static struct {
  uint64_t refused, broken, opened, peer_bytes, reply_bytes;
  Latencies latencies;
} tally;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static size_t write_escaped(char *out, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) sprintf(out + 3 * i, "%%%02x", bytes[i]);
  return 3 * count;
}

static void write_request(Connection *connection) {
  bool is_filling = options.fill && filled < options.population.peers;
  uint32_t peer = is_filling ? filled++ : random_below(options.population.peers);
  uint8_t hash[20];
  char escaped[61];
  info_hash_of(options.population.torrent_of[peer], hash);
  escaped[write_escaped(escaped, hash, sizeof hash)] = 0;
  int size = snprintf(connection->request, REQUEST,
                      "GET /announce?info_hash=%s&peer_id=-LT2090-%012u&port=%u&uploaded=0&downloaded=0&left=%u&numwant=%u"
                      "&compact=1&key=%08x HTTP/1.1\r\nHost: tracker.test\r\nUser-Agent: load/1\r\n"
                      "Accept-Encoding: gzip\r\n%s",
                      escaped, peer, 10000 + peer % 50000, peer % 4 ? 0 : 1000, options.wanted, peer,
                      options.fresh ? "Connection: close\r\n" : "");
  if (options.forwarded) {
    size += snprintf(connection->request + size, REQUEST - (size_t)size, "X-Forwarded-For: 11.%u.%u.%u\r\n",
                     peer >> 16 & 255, peer >> 8 & 255, peer & 255);
  }
  size += snprintf(connection->request + size, REQUEST - (size_t)size, "\r\n");
  connection->length = (uint32_t)size;
  connection->sent = connection->got = 0;
  connection->begun_at = now();
}

static void give_up(const char *reason) {
  fprintf(stderr, "http-load: %s\n", reason);
  exit(1);
}

static void open_connection(Connection *connection) {
  static uint32_t turn;
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (options.spread ? (turn % 250 + 1) << 8 : turn % SOURCES))};
  turn++;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&own, sizeof own)) give_up("cannot bind");
  if (connect(fd, &options.target.generic, options.target.size) && errno != EINPROGRESS) give_up("cannot connect");
  connection->fd = fd;
  tally.opened++;
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void send_request(Connection *connection) {
  while (connection->sent < connection->length) {
    ssize_t sent = send(connection->fd, connection->request + connection->sent, connection->length - connection->sent,
                        MSG_NOSIGNAL);
    if (sent <= 0) return;
    connection->sent += (uint32_t)sent;
  }
}

static void begin(Connection *connection) {
  write_request(connection);
  send_request(connection);
}

static void reopen(Connection *connection) {
  close(connection->fd);
  open_connection(connection);
  begin(connection);
}

// The size of the whole reply; 0 while that is not known.
static uint32_t reply_size(Connection *connection) {
  connection->reply[connection->got] = 0;
  char *end = strstr(connection->reply, "\r\n\r\n"), *length = strcasestr(connection->reply, "\r\nContent-Length:");
  if (!end) return 0;
  if (!length || length > end) give_up("a reply has no Content-Length");
  return (uint32_t)(end + 4 - connection->reply) + (uint32_t)strtoul(length + 17, NULL, 10);
}

static void finish(Connection *connection) {
  char *peers = memmem(connection->reply, connection->got, "5:peers", 7);
  if (!peers || strncmp(connection->reply + 9, "200", 3)) tally.refused++;
  else tally.peer_bytes += strtoul(peers + 7, NULL, 10);
  tally.reply_bytes += connection->got;
  latency_add(&tally.latencies, now() - connection->begun_at);
  bool is_last = strcasestr(connection->reply, "\r\nConnection: close") != NULL;
  if (options.fresh || is_last) reopen(connection);
  else begin(connection);
}

static void receive(Connection *connection) {
  for (;;) {
    ssize_t got = recv(connection->fd, connection->reply + connection->got, REPLY - connection->got, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      if (connection->sent) tally.broken++;
      reopen(connection);
      return;
    }
    connection->got += (uint32_t)got;
    uint32_t size = reply_size(connection);
    if (size == 0 || connection->got < size) continue;
    finish(connection);
    return;
  }
}

static void turn(void) {
  struct epoll_event events[256];
  int count = epoll_wait(epoll, events, 256, 100);
  for (int i = 0; i < count; i++) {
    Connection *connection = events[i].data.ptr;
    if (events[i].events & (EPOLLHUP | EPOLLERR)) reopen(connection);
    else if (connection->sent < connection->length) send_request(connection);
    if (events[i].events & EPOLLIN) receive(connection);
  }
}

static double run_until(uint64_t deadline) {
  uint64_t begun = now();
  memset(&tally, 0, sizeof tally);
  while (deadline ? now() < deadline : filled < options.population.peers) turn();
  return (double)(now() - begun) / (double)SECOND;
}

static bool read_options(int count, char **argument) {
  struct { const char *name; uint32_t *whole; double *part; bool *set; } known[] = {
      {"--duration", NULL, &options.duration, NULL}, {"--warm-up", NULL, &options.warm_up, NULL},
      {"--fill", NULL, NULL, &options.fill}, {"--fresh", NULL, NULL, &options.fresh},
      {"--forwarded", NULL, NULL, &options.forwarded}, {"--spread", NULL, NULL, &options.spread}, {"--connections", &options.connections, NULL, NULL},
      {"--torrents", &options.population.torrents, NULL, NULL}, {"--peers", &options.population.peers, NULL, NULL},
      {"--want", &options.wanted, NULL, NULL}, {"--pid", &options.pid, NULL, NULL},
  };
  int i = 1;
  for (; i < count && argument[i][0] == '-'; i++) {
    size_t at = 0;
    while (at < sizeof known / sizeof *known && strcmp(known[at].name, argument[i])) at++;
    if (at == sizeof known / sizeof *known) return false;
    if (known[at].set) *known[at].set = true;
    else if (++i == count) return false;
    else if (known[at].part) *known[at].part = strtod(argument[i], NULL);
    else *known[at].whole = (uint32_t)strtoul(argument[i], NULL, 10);
  }
  return i + 2 == count && options.connections && options.connections <= MAX_CONNECTIONS && options.population.torrents &&
         options.population.peers && loopback_read(&options.target, argument[i], argument[i + 1]);
}

int main(int count, char **argument) {
  if (!read_options(count, argument)) return fputs(HELP, stderr), 2;
  if (!populate(&options.population, false)) give_up("not enough memory");
  epoll = epoll_create1(0);
  for (uint32_t i = 0; i < options.connections; i++) {
    open_connection(&connections[i]);
    begin(&connections[i]);
  }
  double filling = options.fill ? run_until(0) : 0;
  run_until(now() + (uint64_t)(options.warm_up * (double)SECOND));
  static ProcessCpu before, after;
  if (options.pid) cpu_of_process((int)options.pid, &before);
  double seconds = run_until(now() + (uint64_t)(options.duration * (double)SECOND));
  if (options.pid) cpu_of_process((int)options.pid, &after);
  uint64_t replies = tally.latencies.count;
  double each = replies ? 1 / (double)replies : 0;
  printf("{\"fillSeconds\":%.3f,\"seconds\":%.3f,\"responses\":%lu,\"responsesPerSecond\":%.0f", filling, seconds, replies,
         (double)replies / seconds);
  printf(",\"refused\":%lu,\"broken\":%lu,\"opened\":%lu", tally.refused, tally.broken, tally.opened);
  printf(",\"peersPerAnnounce\":%.3f,\"bytesPerResponse\":%.1f", (double)tally.peer_bytes / 6 * each,
         (double)tally.reply_bytes * each);
  printf(",\"p50Us\":%.0f,\"p99Us\":%.0f,\"cpuPerResponseUs\":%.4f,\"cores\":%.3f}\n", latency_us(&tally.latencies, 0.5),
         latency_us(&tally.latencies, 0.99), (after.seconds - before.seconds) * 1e6 * each,
         (after.seconds - before.seconds) / seconds);
}
