// Clients of an HTTP tracker at a given rate: announces on kept connections and on fresh ones, each client with an
// address of its own. A kept connection that has been closed meanwhile is opened again and the announce repeated once; a
// fresh one that fails or gets no answer in 2 seconds is tried twice more. `http-crowd` prints its usage.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "http-announce.h"
#include "latency.h"
#include "tcp-sources.h"

enum { KEPT = 512, FRESH = 1024, PLACES = KEPT + FRESH, EVENTS = 256, CLIENTS = 1 << 18, TORRENTS = 20000 };
enum { KEPT_TRIES = 2, FRESH_TRIES = 3 };
enum { MAX_PHASES = 240 };
static const uint64_t SECOND = 1000000000, PATIENCE = 2 * SECOND;
static const char USAGE[] =
    "usage: http-crowd HOST PORT NETWORK\n"
    "Reads lines: `rate KEPT FRESH` (announces per second), `window KEPT FRESH` (in flight, as fast as they are\n"
    "answered), `next` (begin the next phase), `report N` (print the counts of phase N, of what began in it, as JSON),\n"
    "and ends with its input.\n";

typedef struct {
  int fd;
  bool is_busy, is_sent;
  uint32_t client, tries, size, phase;
  uint64_t begun_at, tried_at;
  char response[RESPONSE_BYTES + 1];
} Place;

typedef struct {
  uint64_t begun, answered, lost, failed, retries, unsent;
  Latencies latencies;
} Outcome;

static Place places[PLACES];
static Outcome outcomes[MAX_PHASES][2]; // kept, fresh; an announce counts for the phase in which it began
static uint64_t phase_at[MAX_PHASES + 1];
static uint32_t phase;
static Population population = {.torrents = TORRENTS, .peers = CLIENTS};
static TcpNetwork network;
static Loopback target;
static const char *host;
static double rates[2];
static uint32_t windows[2], busy[2];
static int poller;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static int kind_of(const Place *place) { return place - places >= KEPT; }

static Outcome *outcome_of(const Place *place) { return &outcomes[place->phase][kind_of(place)]; }

static void hang_up(Place *place) {
  if (place->fd) close(place->fd);
  place->fd = 0;
}

static void send_request(Place *place) {
  char request[REQUEST_BYTES];
  int size = write_http_announce(request, &population, place->client, host, kind_of(place) == 0);
  place->size = 0;
  place->is_sent = send(place->fd, request, (size_t)size, MSG_NOSIGNAL) == size;
}

static void try_once(Place *place, uint64_t at) {
  place->tries++;
  place->tried_at = at;
  place->is_sent = false;
  if (place->fd) {
    send_request(place);
    return;
  }
  Loopback own = tcp_address(&network, place->client);
  place->fd = tcp_open(&own, &target);
  if (place->fd < 0) {
    place->fd = 0;
    return;
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = (uint32_t)(place - places)};
  epoll_ctl(poller, EPOLL_CTL_ADD, place->fd, &event);
}

static void finish(Place *place, uint64_t *count, bool keeps) {
  (*count)++;
  place->is_busy = false;
  busy[kind_of(place)]--;
  if (!keeps) hang_up(place);
}

static void retry(Place *place, uint64_t at) {
  Outcome *outcome = outcome_of(place);
  hang_up(place);
  if (place->tries == (kind_of(place) ? FRESH_TRIES : KEPT_TRIES)) {
    finish(place, &outcome->lost, false);
    return;
  }
  outcome->retries++;
  try_once(place, at);
}

static void read_response(Place *place, uint64_t at) {
  for (;;) {
    ssize_t step = recv(place->fd, place->response + place->size, RESPONSE_BYTES - place->size, MSG_DONTWAIT);
    if (step < 0 && errno == EAGAIN) return;
    if (!place->is_busy) {
      hang_up(place);
      return;
    }
    if (step <= 0) {
      retry(place, at);
      return;
    }
    place->size += (uint32_t)step;
    place->response[place->size] = 0;
    ResponseState state = judge_response(place->response, place->size);
    if (state == RESPONSE_PARTIAL) continue;
    Outcome *outcome = outcome_of(place);
    if (state == RESPONSE_GOOD) latency_add(&outcome->latencies, at - place->begun_at);
    bool keeps = state == RESPONSE_GOOD && kind_of(place) == 0 && !closes_after(place->response);
    finish(place, state == RESPONSE_GOOD ? &outcome->answered : &outcome->failed, keeps);
    return;
  }
}

static void notice(Place *place, uint32_t events, uint64_t at) {
  if (!place->fd) return;
  if (events & EPOLLOUT && place->is_busy && !place->is_sent && !(events & EPOLLERR)) send_request(place);
  if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) read_response(place, at);
}

static bool begin(int kind, uint64_t at) {
  static uint32_t next[2], numbers = KEPT;
  uint32_t first = kind ? KEPT : 0, count = kind ? FRESH : KEPT;
  for (uint32_t i = 0; i < count; i++) {
    Place *place = &places[first + next[kind]];
    next[kind] = (next[kind] + 1) % count;
    if (place->is_busy) continue;
    place->client = kind ? numbers++ % CLIENTS : (uint32_t)(place - places);
    place->is_busy = true;
    place->tries = 0;
    place->begun_at = at;
    place->phase = phase;
    busy[kind]++;
    outcomes[phase][kind].begun++;
    try_once(place, at);
    return true;
  }
  return false;
}

// More than 50 ms of what is due is not caught up with.
static void request_due(uint64_t at, double elapsed) {
  static double due[2];
  for (int kind = 0; kind < 2; kind++) {
    double most = rates[kind] / 20 < 1 ? 1 : rates[kind] / 20;
    due[kind] += rates[kind] * elapsed;
    if (due[kind] > most) outcomes[phase][kind].unsent += (uint64_t)(due[kind] - most), due[kind] = most;
    for (; due[kind] >= 1; due[kind]--) outcomes[phase][kind].unsent += !begin(kind, at);
    while (busy[kind] < windows[kind] && begin(kind, at)) continue;
  }
}

static void repeat_or_give_up(uint64_t at) {
  for (int i = 0; i < PLACES; i++) {
    if (places[i].is_busy && (at - places[i].tried_at > PATIENCE || !places[i].fd)) retry(&places[i], at);
  }
}

static void print_outcomes(uint32_t reported) {
  static const char *const kinds[2] = {"kept", "fresh"};
  printf("{\"seconds\":%.3f", (double)(phase_at[reported + 1] - phase_at[reported]) / 1e9);
  for (int i = 0; i < 2; i++) {
    Outcome *outcome = &outcomes[reported][i];
    printf(",\"%s\":{\"begun\":%lu,\"answered\":%lu,\"lost\":%lu,\"failed\":%lu", kinds[i], outcome->begun,
           outcome->answered, outcome->lost, outcome->failed);
    printf(",\"retries\":%lu,\"unsent\":%lu", outcome->retries, outcome->unsent);
    printf(",\"p50Us\":%.0f,\"p99Us\":%.0f,\"p999Us\":%.0f}", latency_us(&outcome->latencies, 0.5),
           latency_us(&outcome->latencies, 0.99), latency_us(&outcome->latencies, 0.999));
  }
  puts("}");
  fflush(stdout);
}

// False at the end of the input.
static bool obey(uint64_t at) {
  uint32_t reported;
  char text[256];
  ssize_t size = read(STDIN_FILENO, text, sizeof text - 1);
  if (size <= 0) return size < 0;
  text[size] = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    // Without an exit, a report of a phase that is not counted would be waited for.
    if (!strcmp(line, "next") && phase + 1 == MAX_PHASES) exit((fputs("http-crowd: too many phases\n", stderr), 2));
    if (!strcmp(line, "next")) phase_at[++phase] = at;
    if (sscanf(line, "report %u", &reported) == 1 && reported < phase) print_outcomes(reported);
    if (sscanf(line, "window %u %u", &windows[0], &windows[1]) == 2) memset(rates, 0, sizeof rates);
    if (sscanf(line, "rate %lf %lf", &rates[0], &rates[1]) == 2) memset(windows, 0, sizeof windows);
  }
  return true;
}

int main(int count, char **argument) {
  static struct epoll_event events[EVENTS];
  if (count != 4 || !loopback_read(&target, argument[1], argument[2]) || !tcp_network_read(&network, argument[3])) {
    return fputs(USAGE, stderr), 2;
  }
  host = argument[1];
  poller = epoll_create1(0);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  if (!populate(&population, false)) return fputs("http-crowd: not enough memory\n", stderr), 1;
  uint64_t before = now(), looked_at = before;
  for (uint64_t at = before; obey(at); at = now()) {
    request_due(at, (double)(at - before) / 1e9);
    before = at;
    int changes = epoll_wait(poller, events, EVENTS, 1);
    at = now();
    for (int i = 0; i < changes; i++) notice(&places[events[i].data.u32], events[i].events, at);
    if (at - looked_at < SECOND / 10) continue;
    repeat_or_give_up(looked_at = at);
  }
  return 0;
}
