// What udp-crowd is told: its command line, and then lines on standard input.
#pragma once
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sources.h"
#include "tracker-messages.h"

typedef struct {
  Loopback tracker, floor;
  Network holders, newcomers;
  uint32_t holder_count, newcomer_count, torrents;
} CrowdOptions;

// What to send: requests a second by kind, or, if `window` is not 0, so many in flight as fast as they are answered.
typedef struct {
  double announces, newcomers, scrapes, floors;
  uint32_t window;
} Pace;

static const char CROWD_HELP[] =
    "usage: udp-crowd HOST PORT FLOOR_PORT HOLDERS NEWCOMERS\n"
    "Clients of a UDP tracker at a given rate, each with an address of its own from the networks HOLDERS (they keep a\n"
    "connection id and renew it every minute) and NEWCOMERS (they connect first). A udp-floor on FLOOR_PORT of the\n"
    "same host shows the delay of the network and of this program. Reads lines:\n"
    "  rate ANNOUNCES NEWCOMERS SCRAPES FLOORS   requests per second\n"
    "  window N                                  N requests in flight, as fast as they are answered\n"
    "  next                                      begin the next phase\n"
    "  report N                                  print the counts of phase N as JSON: of what began in it\n"
    "and ends with its input. Prints `ready` when all holders have an id.\n";

static bool crowd_read_options(CrowdOptions *options, int count, char **argument) {
  *options = (CrowdOptions){.holder_count = 4096, .newcomer_count = 1 << 18, .torrents = 20000};
  return count == 6 && loopback_read(&options->tracker, argument[1], argument[2]) &&
         loopback_read(&options->floor, argument[1], argument[3]) && options->floor.generic.sa_family == AF_INET &&
         network_read(&options->holders, argument[4]) && network_read(&options->newcomers, argument[5]);
}

typedef enum { INPUT_NONE, INPUT_PACE, INPUT_NEXT, INPUT_REPORT, INPUT_END } Input;

static Input crowd_read_line(const char *line, Pace *pace, uint32_t *phase) {
  Pace told = {0};
  if (!strcmp(line, "next")) return INPUT_NEXT;
  if (sscanf(line, "report %u", phase) == 1) return INPUT_REPORT;
  if (sscanf(line, "rate %lf %lf %lf %lf", &told.announces, &told.newcomers, &told.scrapes, &told.floors) == 4 ||
      sscanf(line, "window %u", &told.window) == 1) {
    *pace = told;
    return INPUT_PACE;
  }
  return INPUT_NONE;
}

// One line of standard input, if a whole one has come.
static Input crowd_input(Pace *pace, uint32_t *phase) {
  static char text[512];
  static size_t length;
  if (!strchr(text, '\n')) {
    ssize_t step = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
    if (step == 0) return INPUT_END;
    if (step < 0) return INPUT_NONE;
    length += (size_t)step;
    text[length] = 0;
  }
  char *end = strchr(text, '\n');
  if (!end) return INPUT_NONE;
  *end = 0;
  Input input = crowd_read_line(text, pace, phase);
  length -= (size_t)(end + 1 - text);
  memmove(text, end + 1, length + 1);
  return input;
}
