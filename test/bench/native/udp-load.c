// A closed-loop load for UDP trackers (BEP 15): one thread, a window of requests in flight on each of a few sockets,
// batched system calls. The main result is the server's CPU time per response: on a shared machine it is steadier than
// the rate. `udp-load --help` lists the options. Results go to stdout as JSON, progress to stderr.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "load-options.h"
#include "tally.h"

enum { BATCH = 64, DATAGRAM = 2048 };
static const uint64_t SECOND = 1000000000, PATIENCE = SECOND / 2, CONNECTION_AGE = 50 * SECOND;

typedef struct {
  uint64_t sent_at;
  uint32_t transaction, hashes;
  uint8_t kind;
  bool is_waiting;
} Pending;

// A socket with its own address. It serves the peers whose number modulo the number of links is `index`.
typedef struct {
  int fd;
  bool is_connected;
  uint32_t index, in_flight, slot, filled;
  uint64_t connection_id, connected_at;
  Pending *pending;
} Link;

static Options options;
static Link links[MAX_LINKS];
static Tally tally;
static uint32_t filling_links;
static uint8_t outgoing[BATCH][DATAGRAM], incoming[BATCH][DATAGRAM];
static struct iovec outgoing_part[BATCH], incoming_part[BATCH];
static struct mmsghdr requests[BATCH], replies[BATCH];

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void prepare_batches(void) {
  for (int i = 0; i < BATCH; i++) {
    outgoing_part[i].iov_base = outgoing[i];
    incoming_part[i] = (struct iovec){incoming[i], DATAGRAM};
    requests[i].msg_hdr = (struct msghdr){.msg_iov = &outgoing_part[i], .msg_iovlen = 1};
    replies[i].msg_hdr = (struct msghdr){.msg_iov = &incoming_part[i], .msg_iovlen = 1};
  }
}

// IPv4 has a loopback address for each link; IPv6 has only one, so the links differ by port.
static bool open_link(Link *link, uint32_t index) {
  Loopback own = options.target;
  if (own.generic.sa_family == AF_INET6) own.ipv6.sin6_port = 0;
  else own.ipv4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (options.spread ? (index + 1) << 8 : index))};
  *link = (Link){.index = index, .fd = loopback_socket(&own, SOCK_NONBLOCK)};
  link->pending = calloc(options.window, sizeof *link->pending);
  return link->pending && link->fd >= 0 && !bind(link->fd, &own.generic, own.size) &&
         !connect(link->fd, &options.target.generic, options.target.size);
}

static void judge_reply(Link *link, const uint8_t *reply, uint32_t size, uint64_t at) {
  size_t peer_bytes = options.target.generic.sa_family == AF_INET6 ? 18 : 6;
  if (size < 8) {
    tally.malformed++;
    return;
  }
  uint32_t action = get32(reply), transaction = get32(reply + 4);
  Pending *pending = &link->pending[transaction % options.window];
  if (!pending->is_waiting || pending->transaction != transaction) {
    tally.late++;
    return;
  }
  pending->is_waiting = false;
  link->in_flight--;
  if (action == FAILURE) {
    snprintf(tally.last_failure, sizeof tally.last_failure, "%.*s", (int)(size - 8), (const char *)reply + 8);
    tally.replies[FAILURE]++;
    link->is_connected = false;
    return;
  }
  if (action != pending->kind || !has_right_size(pending->kind, size, peer_bytes, pending->hashes)) {
    tally.malformed++;
    return;
  }
  if (action == CONNECT) {
    memcpy(&link->connection_id, reply + 8, 8);
    link->is_connected = true;
    link->connected_at = at;
  }
  if (action == ANNOUNCE) tally.peers += (size - 20) / peer_bytes;
  tally.replies[action]++;
  latency_add(&tally.latencies, at - pending->sent_at);
}

static void give_up(const char *reason) {
  fprintf(stderr, "udp-load: %s\n", reason);
  exit(1);
}

static int receive(Link *link) {
  int count = recvmmsg(link->fd, replies, BATCH, MSG_DONTWAIT, NULL);
  uint64_t at = now();
  if (count < 0 && errno == ECONNREFUSED) give_up("nothing listens on this port");
  for (int i = 0; i < count; i++) judge_reply(link, incoming[i], replies[i].msg_len, at);
  return count > 0 ? count : 0;
}

static bool is_filling(const Link *link) {
  return options.fill && (uint64_t)link->filled * options.links + link->index < options.population.peers;
}

static uint8_t choose_kind(const Link *link, uint64_t at) {
  const uint32_t *weight = options.weight;
  if (!link->is_connected || at - link->connected_at > CONNECTION_AGE) return CONNECT;
  if (is_filling(link)) return ANNOUNCE;
  uint32_t pick = random_below(weight[CONNECT] + weight[ANNOUNCE] + weight[SCRAPE]);
  return pick < weight[CONNECT] ? CONNECT : pick < weight[CONNECT] + weight[ANNOUNCE] ? ANNOUNCE : SCRAPE;
}

static uint32_t choose_peer(Link *link) {
  if (!is_filling(link)) return random_below(options.population.peers / options.links) * options.links + link->index;
  uint32_t peer = link->filled++ * options.links + link->index;
  if (!is_filling(link)) filling_links--;
  return peer;
}

static size_t write_request(Link *link, Pending *pending, uint8_t *out, uint64_t at) {
  uint32_t slot = (uint32_t)(pending - link->pending), turns = INT32_MAX / options.window;
  *pending = (Pending){.sent_at = at, .kind = choose_kind(link, at), .is_waiting = true};
  pending->transaction = random_below(turns) * options.window + slot;
  write_header(out, link->connection_id, pending->kind, pending->transaction);
  if (pending->kind == CONNECT) return HEADER_BYTES;
  if (pending->kind == ANNOUNCE) {
    uint32_t peer = choose_peer(link);
    size_t size = write_announce(out, &options.population, peer, random_share() < options.seeding, options.wanted);
    return options.key ? size + write_url_data(out + size, options.key) : size;
  }
  pending->hashes = 1 + random_below(options.scrape_hashes);
  return write_scrape(out, &options.population, pending->hashes);
}

static void deliver(const Link *link, int count) {
  for (int sent = 0; sent < count;) {
    int step = sendmmsg(link->fd, requests + sent, count - sent, 0);
    if (step > 0) sent += step;
    else if (errno == ECONNREFUSED) give_up("nothing listens on this port");
    else if (errno != EINTR) break; // unsent requests time out
  }
}

// Whether the rate is used up.
static bool is_paced(uint64_t at) {
  static uint64_t begun;
  static uint32_t sent;
  if (!options.rate) return false;
  if (!begun) begun = at;
  // What could not be sent in time is not made up for.
  uint64_t due = (uint64_t)((double)(at - begun) / 1e9 * options.rate);
  if (due > sent + options.rate / 100 + 1) sent = (uint32_t)due - options.rate / 100 - 1;
  if (sent >= due) return true;
  sent++;
  return false;
}

// Fills the window. A link without a connection id has only one connect in flight.
static int request_more(Link *link, uint64_t at) {
  int count = 0;
  while (count < BATCH && link->in_flight < (link->is_connected ? options.window : 1) && !is_paced(at)) {
    while (link->pending[link->slot].is_waiting) link->slot = (link->slot + 1) % options.window;
    outgoing_part[count].iov_len = write_request(link, &link->pending[link->slot], outgoing[count], at);
    link->in_flight++;
    count++;
  }
  if (count) deliver(link, count);
  return count;
}

static void give_up_old(uint64_t at) {
  for (uint32_t i = 0; i < options.links * options.window; i++) {
    Link *link = &links[i / options.window];
    Pending *pending = &link->pending[i % options.window];
    if (!pending->is_waiting || at - pending->sent_at < PATIENCE) continue;
    pending->is_waiting = false;
    link->in_flight--;
    tally.timeouts++;
  }
}

static void turn(void) {
  static struct pollfd waiting[MAX_LINKS];
  static uint64_t looked_at;
  int moved = 0;
  for (uint32_t i = 0; i < options.links; i++) {
    moved += receive(&links[i]);
    moved += request_more(&links[i], now());
    waiting[i] = (struct pollfd){.fd = links[i].fd, .events = POLLIN};
  }
  if (!moved) poll(waiting, options.links, 5);
  if (now() - looked_at < PATIENCE / 10) return;
  looked_at = now();
  give_up_old(looked_at);
}

// Runs the load until `deadline`, or, if that is 0, until every peer has been announced. Returns the seconds it took.
static double load_until(const char *phase, uint64_t deadline) {
  uint64_t begun = now(), reported_at = begun;
  memset(&tally, 0, sizeof tally);
  for (uint64_t at = begun; deadline ? at < deadline : filling_links > 0; at = now()) {
    turn();
    if (at - reported_at < 5 * SECOND) continue;
    if (!tally.latencies.count && !options.lossy) give_up("no answer for 5 seconds");
    reported_at = at;
    fprintf(stderr, "udp-load: %s, %.0f s, %lu replies\n", phase, (double)(at - begun) / 1e9, tally.latencies.count);
  }
  return (double)(now() - begun) / 1e9;
}

static void print_hashes(void) {
  uint8_t hash[HASH_BYTES];
  for (uint32_t i = 0; i < options.population.torrents; i++) {
    info_hash_of(i, hash);
    for (int k = 0; k < HASH_BYTES; k++) printf("%02x", hash[k]);
    putchar('\n');
  }
}

int main(int argc, char **argv) {
  static ProcessCpu before, after;
  options = default_options();
  if (argc == 2 && !strcmp(argv[1], "--help")) return fputs(HELP, stdout), 0;
  if (!read_options(&options, argc, argv)) return fputs(HELP, stderr), 2;
  if (options.print_hashes) return print_hashes(), 0;
  if (!populate(&options.population, options.evenly)) return fputs("udp-load: not enough memory\n", stderr), 1;
  prepare_batches();
  for (uint32_t i = 0; i < options.links; i++) {
    if (!open_link(&links[i], i)) return perror("udp-load"), 1;
  }
  filling_links = options.fill ? options.links : 0;
  double fill_seconds = options.fill ? load_until("filling", 0) : 0;
  uint64_t fill_timeouts = tally.timeouts;
  load_until("warming up", now() + (uint64_t)(options.warm_up * 1e9));
  if (options.pid) cpu_of_process((int)options.pid, &before);
  double seconds = load_until("measuring", now() + (uint64_t)(options.duration * 1e9));
  if (options.pid) cpu_of_process((int)options.pid, &after);
  if (fill_timeouts) fprintf(stderr, "udp-load: %lu announces of the fill were never answered\n", fill_timeouts);
  printf("{\"fillSeconds\":%.3f,", fill_seconds);
  print_tally(&tally, seconds);
  if (options.pid) print_cpu(options.by_thread, &before, &after, seconds, tally.latencies.count);
  printf("}\n");
  return tally.latencies.count || options.lossy ? 0 : 1;
}
