// The command line of udp-load.
#pragma once
#include <stdio.h>

#include "loopback.h"
#include "tracker-messages.h"

enum { MAX_LINKS = 250, MAX_WINDOW = 4096 };

typedef struct {
  Loopback target;
  Population population;
  uint32_t links, window, wanted, scrape_hashes, pid, rate;
  uint32_t weight[3]; // connect, announce, scrape
  double duration, warm_up, seeding;
  bool fill, evenly, by_thread, lossy, print_hashes, spread;
  const char *key;
} Options;

static const char HELP[] =
    "usage: udp-load [options] HOST PORT\n"
    "Loads a UDP tracker on 127.0.0.0/8 or ::1 with announces and scrapes (BEP 15), one thread, a fixed number of requests in\n"
    "flight, and prints one line of JSON. Without options: the load of the published comparison of UDP trackers.\n"
    "  --duration S       seconds of measurement (8)\n"
    "  --warm-up S        seconds of load before the measurement (2)\n"
    "  --fill             first announce every peer once\n"
    "  --torrents N       torrents (1000000)\n"
    "  --peers N          peers, each in one torrent (2000000)\n"
    "  --evenly           all torrents equally popular\n"
    "  --seeding P        share of announces with left = 0 (0.75)\n"
    "  --key KEY          send this key with every announce, as URLData (BEP 41)\n"
    "  --want N           peers requested per announce (30)\n"
    "  --connect W --announce W --scrape W   weights of the kinds of request (0, 100, 1)\n"
    "  --real             weights observed on a public tracker: announce 74, connect 23, scrape 3\n"
    "  --scrape-hashes N  maximum number of info hashes per scrape (10)\n"
    "  --sockets N        sockets, bound to 127.0.0.1, 127.0.0.2 and so on (16)\n"
    "  --spread           sockets of different networks: 127.0.1.1, 127.0.2.1 and so on\n"
    "  --window N         requests in flight on each socket (8)\n"
    "  --rate N           requests a second at most (no maximum)\n"
    "  --pid PID          report the CPU time of this process per response\n"
    "  --by-thread        with --pid: also by thread name\n"
    "  --seed N           seed for another population of the same kind\n"
    "  --lossy            no answer at all is a result too\n"
    "  --print-hashes     print the info hashes of all torrents and stop\n";

static Options default_options(void) {
  return (Options){.population = {.torrents = 1000000, .peers = 2000000}, .links = 16, .window = 8, .wanted = 30,
                   .scrape_hashes = 10, .weight = {0, 100, 1}, .duration = 8, .warm_up = 2, .seeding = 0.75};
}

static bool read_switch(Options *options, const char *name) {
  if (!strcmp(name, "--fill")) return options->fill = true;
  if (!strcmp(name, "--evenly")) return options->evenly = true;
  if (!strcmp(name, "--by-thread")) return options->by_thread = true;
  if (!strcmp(name, "--lossy")) return options->lossy = true;
  if (!strcmp(name, "--spread")) return options->spread = true;
  if (!strcmp(name, "--print-hashes")) return options->print_hashes = true;
  if (strcmp(name, "--real")) return false;
  memcpy(options->weight, (uint32_t[]){23, 74, 3}, sizeof options->weight);
  return true;
}

static bool read_value(Options *options, const char *name, const char *text) {
  struct { const char *name; uint32_t *whole; double *part; } known[] = {
      {"--duration", NULL, &options->duration}, {"--warm-up", NULL, &options->warm_up},
      {"--seeding", NULL, &options->seeding}, {"--torrents", &options->population.torrents, NULL},
      {"--peers", &options->population.peers, NULL}, {"--want", &options->wanted, NULL},
      {"--connect", &options->weight[CONNECT], NULL}, {"--announce", &options->weight[ANNOUNCE], NULL},
      {"--scrape", &options->weight[SCRAPE], NULL}, {"--scrape-hashes", &options->scrape_hashes, NULL},
      {"--sockets", &options->links, NULL}, {"--window", &options->window, NULL}, {"--pid", &options->pid, NULL},
      {"--rate", &options->rate, NULL},
  };
  if (!strcmp(name, "--key")) return (options->key = text, strlen(text) == KEY_BYTES);
  char *rest;
  double value = strtod(text, &rest);
  if (*rest || rest == text || value < 0 || value > UINT32_MAX) return false;
  if (!strcmp(name, "--seed")) return (random_state ^= spread((uint64_t)value)), true;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(name, known[i].name)) continue;
    if (known[i].part) *known[i].part = value;
    else *known[i].whole = (uint32_t)value;
    return true;
  }
  return false;
}

static bool is_sensible(const Options *options) {
  return options->population.torrents && options->population.peers >= options->links && options->links &&
         options->links <= MAX_LINKS && options->window && options->window <= MAX_WINDOW && options->scrape_hashes &&
         options->scrape_hashes <= MAX_SCRAPED &&
         options->weight[CONNECT] + options->weight[ANNOUNCE] + options->weight[SCRAPE] > 0;
}

static bool read_options(Options *options, int count, char **argument) {
  const char *place[2] = {NULL, NULL};
  int places = 0;
  for (int i = 1; i < count; i++) {
    if (strncmp(argument[i], "--", 2)) {
      if (places == 2) return false;
      place[places++] = argument[i];
    } else if (!read_switch(options, argument[i])) {
      if (i + 1 == count || !read_value(options, argument[i], argument[i + 1])) return false;
      i++;
    }
  }
  if (options->print_hashes) return is_sensible(options);
  return places == 2 && is_sensible(options) && loopback_read(&options->target, place[0], place[1]);
}
