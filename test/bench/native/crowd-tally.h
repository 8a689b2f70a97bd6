// The counts of udp-crowd for one phase, as JSON.
#pragma once
#include <stdio.h>

#include "latency.h"

enum { MAX_PHASES = 240 };

typedef struct {
  uint64_t begun, answered, lost, failed, retries;
  Latencies latencies;
} Outcome;

typedef struct {
  uint64_t begun_at, ended_at; // nanoseconds
  Outcome announce, newcomer, scrape, floor, renewal;
  // Requests that were due and not sent, because this program was late; the time from a reply's arrival to its reading.
  uint64_t unsent;
  Latencies reading;
  char last_failure[96];
} CrowdTally;

static void print_outcome(const char *name, const Outcome *outcome) {
  printf("\"%s\":{\"begun\":%lu,\"answered\":%lu,\"lost\":%lu,\"failed\":%lu,\"retries\":%lu,", name, outcome->begun,
         outcome->answered, outcome->lost, outcome->failed, outcome->retries);
  printf("\"p50Us\":%.0f,\"p99Us\":%.0f,\"p999Us\":%.0f},", latency_us(&outcome->latencies, 0.5),
         latency_us(&outcome->latencies, 0.99), latency_us(&outcome->latencies, 0.999));
}

static void print_crowd_tally(const CrowdTally *tally) {
  printf("{\"seconds\":%.3f,", (double)(tally->ended_at - tally->begun_at) / 1e9);
  print_outcome("announce", &tally->announce);
  print_outcome("newcomer", &tally->newcomer);
  print_outcome("scrape", &tally->scrape);
  print_outcome("renewal", &tally->renewal);
  print_outcome("floor", &tally->floor);
  printf("\"unsent\":%lu,\"readingP99Us\":%.0f,\"lastFailure\":\"", tally->unsent, latency_us(&tally->reading, 0.99));
  for (const char *text = tally->last_failure; *text; text++) {
    putchar(*text == '"' || *text == '\\' || *text < ' ' ? '?' : *text);
  }
  printf("\"}\n");
  fflush(stdout);
}
