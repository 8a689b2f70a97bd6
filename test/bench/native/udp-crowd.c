// Clients of a UDP tracker (BEP 15) at a given rate, whatever else the tracker is doing. Holders have a connection id,
// and each request of theirs is sent once; newcomers connect and announce, and repeat either after 0.5, 1, 2 and 4 s
// (BEP 15 says 15 * 2^n: a thirtieth of it). A request is answered when the kernel of the clients has the reply; how
// long the reply then waits to be read is this program's delay and counted apart. `udp-crowd` prints its usage.
#define _GNU_SOURCE
#include <poll.h>
#include <time.h>

#include "arrivals.h"
#include "crowd-options.h"
#include "crowd-tally.h"

enum { MAX_PENDING = 1 << 17, MAX_TRIES = 4, SCRAPE_HASHES = 5, WANTED = 50, RENEWALS_PER_TURN = 16 };
static const uint64_t FIRST_PATIENCE = SECOND / 2, HOLDER_PATIENCE = SECOND, ID_AGE = 60 * SECOND;

typedef enum { FREE, HOLDER_ANNOUNCE, HOLDER_SCRAPE, HOLDER_RENEWAL, NEWCOMER_CONNECT, NEWCOMER_ANNOUNCE, FLOOR } Kind;

typedef struct {
  uint64_t begun_at, sent_at, id;
  uint32_t transaction, client;
  uint8_t kind, tries, phase;
} Pending;

typedef struct {
  uint64_t id, renewed_at;
  bool is_renewing;
} Holder;

static CrowdOptions options;
static Population population;
static Pace pace;
static CrowdTally tallies[MAX_PHASES]; // a request counts for the phase in which it began
static uint32_t phase;
static Holder *holders;
static Pending pending[MAX_PENDING];
static uint32_t free_slots[MAX_PENDING], free_count, holders_with_id, in_flight;
static uint8_t outgoing[BATCH][DATAGRAM];
static Outgoing out;
static Arrivals arrivals;
static int fd;
// Of the clock of the kernel's timestamps.
static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static Outcome *outcome_of(const Pending *request) {
  CrowdTally *tally = &tallies[request->phase];
  switch (request->kind) {
    case HOLDER_ANNOUNCE: return &tally->announce;
    case HOLDER_SCRAPE: return &tally->scrape;
    case HOLDER_RENEWAL: return &tally->renewal;
    case FLOOR: return &tally->floor;
    default: return &tally->newcomer;
  }
}

static bool is_repeated(Kind kind) { return kind >= HOLDER_RENEWAL && kind <= NEWCOMER_ANNOUNCE; }

static uint32_t address_of(const Pending *request) {
  bool is_newcomer = request->kind == NEWCOMER_CONNECT || request->kind == NEWCOMER_ANNOUNCE;
  const Network *network = is_newcomer ? &options.newcomers : &options.holders;
  return network->base + (uint32_t)(spread(request->client) % network->size);
}

static size_t write_request(const Pending *request, uint8_t *at) {
  bool is_holder = request->kind == HOLDER_ANNOUNCE || request->kind == HOLDER_SCRAPE;
  uint64_t id = is_holder ? holders[request->client].id : request->id;
  switch (request->kind) {
    case HOLDER_ANNOUNCE:
    case NEWCOMER_ANNOUNCE:
      write_header(at, id, ANNOUNCE, request->transaction);
      uint32_t first = request->kind == NEWCOMER_ANNOUNCE ? options.holder_count : 0;
      return write_announce(at, &population, first + request->client, request->client % 4 != 0, WANTED);
    case HOLDER_SCRAPE:
      write_header(at, id, SCRAPE, request->transaction);
      return write_scrape(at, &population, SCRAPE_HASHES);
    default:
      write_header(at, 0, CONNECT, request->transaction);
      return HEADER_BYTES;
  }
}

static void transmit(Pending *request, uint64_t at) {
  if (out.count == BATCH) outgoing_flush(&out, fd);
  uint32_t slot = (uint32_t)(request - pending);
  request->transaction = slot | random_below(1 << 15) << 17;
  request->sent_at = at;
  const Loopback *to = request->kind == FLOOR ? &options.floor : &options.tracker;
  size_t size = write_request(request, outgoing[out.count]);
  outgoing_add(&out, size, address_of(request), &to->ipv4);
}

static bool begin(Kind kind, uint32_t client, uint64_t at) {
  if (!free_count) return false;
  Pending *request = &pending[free_slots[--free_count]];
  *request = (Pending){.kind = kind, .client = client, .begun_at = at, .phase = (uint8_t)phase};
  outcome_of(request)->begun++;
  in_flight++;
  transmit(request, at);
  return true;
}

static void end(Pending *request) {
  if (request->kind == HOLDER_RENEWAL) holders[request->client].is_renewing = false;
  request->kind = FREE;
  free_slots[free_count++] = (uint32_t)(request - pending);
  in_flight--;
}

static void succeed(Pending *request, uint64_t arrived_at) {
  Outcome *outcome = outcome_of(request);
  outcome->answered++;
  latency_add(&outcome->latencies, arrived_at > request->begun_at ? arrived_at - request->begun_at : 0);
  end(request);
}

static void take_id(Pending *request, const uint8_t *reply, uint64_t arrived_at) {
  memcpy(&request->id, reply + 8, 8);
  if (request->kind == HOLDER_RENEWAL) {
    Holder *holder = &holders[request->client];
    holders_with_id += !holder->renewed_at;
    *holder = (Holder){.id = request->id, .renewed_at = arrived_at};
    return succeed(request, arrived_at);
  }
  request->kind = NEWCOMER_ANNOUNCE;
  request->tries = 0;
  transmit(request, now());
}

static void judge_reply(const uint8_t *reply, size_t size, uint64_t arrived_at) {
  if (size < 8) return;
  uint32_t action = get32(reply), transaction = get32(reply + 4);
  Pending *request = &pending[transaction % MAX_PENDING];
  if (request->kind == FREE || request->transaction != transaction) return;
  uint32_t awaited = request->kind == HOLDER_SCRAPE ? SCRAPE
      : request->kind == HOLDER_ANNOUNCE || request->kind == NEWCOMER_ANNOUNCE ? ANNOUNCE : CONNECT;
  if (action != awaited || !has_right_size((int)action, size, 6, SCRAPE_HASHES)) {
    outcome_of(request)->failed++;
    const char *text = action == FAILURE ? (const char *)reply + 8 : "";
    snprintf(tallies[phase].last_failure, sizeof tallies[phase].last_failure, "%.*s", (int)size - 8, text);
    end(request);
  } else if (request->kind == HOLDER_RENEWAL || request->kind == NEWCOMER_CONNECT) take_id(request, reply, arrived_at);
  else succeed(request, arrived_at);
}

static int receive(void) {
  int count = arrivals_receive(&arrivals, fd);
  uint64_t at = now();
  for (int i = 0; i < count; i++) {
    uint64_t arrived_at = arrival_time(&arrivals, i, at);
    latency_add(&tallies[phase].reading, at > arrived_at ? at - arrived_at : 0);
    judge_reply(arrivals.bytes[i], arrivals.message[i].msg_len, arrived_at);
  }
  return count;
}

static void repeat_or_give_up(uint64_t at) {
  for (uint32_t slot = 0; slot < MAX_PENDING; slot++) {
    Pending *request = &pending[slot];
    if (request->kind == FREE) continue;
    uint64_t patience = is_repeated(request->kind) ? FIRST_PATIENCE << request->tries : HOLDER_PATIENCE;
    if (at < request->sent_at + patience) continue;
    Outcome *outcome = outcome_of(request);
    if (is_repeated(request->kind) && ++request->tries < MAX_TRIES) {
      outcome->retries++;
      transmit(request, at);
    } else {
      outcome->lost++;
      end(request);
    }
  }
}

static void renew_ids(uint64_t at) {
  static uint32_t next;
  for (int i = 0; i < RENEWALS_PER_TURN; i++, next = (next + 1) % options.holder_count) {
    Holder *holder = &holders[next];
    if (holder->is_renewing || (holder->renewed_at && at < holder->renewed_at + ID_AGE)) continue;
    holder->is_renewing = begin(HOLDER_RENEWAL, next, at);
  }
}

static void request_one(int kind, uint64_t at) {
  uint32_t client = random_below(kind == NEWCOMER_CONNECT ? options.newcomer_count : options.holder_count);
  if (!begin((Kind)kind, client, at)) tallies[phase].unsent++;
}

// What is due since the last turn. More than 50 ms of it is not caught up with: it would be a flood of its own.
static int request_due(uint64_t at, double elapsed) {
  static double due[4];
  static const uint8_t kinds[4] = {HOLDER_ANNOUNCE, NEWCOMER_CONNECT, HOLDER_SCRAPE, FLOOR};
  const double rates[4] = {pace.announces, pace.newcomers, pace.scrapes, pace.floors};
  int count = 0;
  for (int i = 0; i < 4; i++) {
    double most = rates[i] / 20 < 1 ? 1 : rates[i] / 20;
    due[i] += rates[i] * elapsed;
    if (due[i] > most) tallies[phase].unsent += (uint64_t)(due[i] - most), due[i] = most;
    for (; due[i] >= 1; due[i]--, count++) request_one(kinds[i], at);
  }
  return count;
}

// The mix of a public tracker: of 77 requests, 23 by newcomers, 51 other announces, 3 scrapes.
static int request_window(uint64_t at) {
  int count = 0;
  for (; in_flight < pace.window && count < BATCH; count++) {
    uint32_t pick = random_below(77);
    request_one(pick < 23 ? NEWCOMER_CONNECT : pick < 74 ? HOLDER_ANNOUNCE : HOLDER_SCRAPE, at);
  }
  return count;
}

static void turn(uint64_t at, double elapsed) {
  static uint64_t looked_at;
  int moved = receive();
  renew_ids(at);
  moved += pace.window ? request_window(at) : request_due(at, elapsed);
  if (at - looked_at > FIRST_PATIENCE / 10) repeat_or_give_up(looked_at = at);
  outgoing_flush(&out, fd);
  if (!moved) ppoll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, &(struct timespec){.tv_nsec = 200000}, NULL);
}

int main(int count, char **argument) {
  if (!crowd_read_options(&options, count, argument)) return fputs(CROWD_HELP, stderr), 2;
  population = (Population){.torrents = options.torrents, .peers = options.holder_count + options.newcomer_count};
  holders = calloc(options.holder_count, sizeof *holders);
  fd = source_socket(true);
  if (!holders || !populate(&population, false) || fd < 0) return perror("udp-crowd"), 1;
  arrivals_prepare(fd);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  outgoing_prepare(&out, outgoing);
  for (uint32_t slot = 0; slot < MAX_PENDING; slot++) free_slots[free_count++] = MAX_PENDING - 1 - slot;
  uint64_t before = now();
  uint32_t reported = 0;
  bool is_ready = false;
  for (Input input = INPUT_NONE; input != INPUT_END; input = crowd_input(&pace, &reported)) {
    uint64_t at = now();
    // Without an exit, a report of a phase that is not counted would be waited for.
    if (input == INPUT_NEXT && phase + 1 == MAX_PHASES) return fputs("udp-crowd: too many phases\n", stderr), 2;
    if (input == INPUT_NEXT) {
      tallies[phase].ended_at = tallies[phase + 1].begun_at = at;
      phase++;
    }
    if (input == INPUT_REPORT && reported < MAX_PHASES) print_crowd_tally(&tallies[reported]);
    turn(at, (double)(at - before) / 1e9);
    before = at;
    if (is_ready || holders_with_id < options.holder_count) continue;
    is_ready = true;
    puts("ready");
    fflush(stdout);
  }
  return 0;
}
