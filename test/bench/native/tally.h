// The counts of a load, and their output as members of one JSON object.
#pragma once
#include <stdio.h>

#include "latency.h"
#include "process-cpu.h"
#include "tracker-messages.h"

typedef struct {
  uint64_t replies[KINDS], peers, malformed, late, timeouts;
  Latencies latencies;
  char last_failure[160];
} Tally;

static void print_text(const char *name, const char *text) {
  printf(",\"%s\":\"", name);
  for (; *text; text++) putchar(*text == '"' || *text == '\\' || *text < ' ' ? '?' : *text);
  putchar('"');
}

static void print_cpu(bool by_thread, const ProcessCpu *before, const ProcessCpu *after, double seconds, uint64_t total) {
  double used = after->seconds - before->seconds, per_response = total ? 1e6 / (double)total : 0;
  printf(",\"cpuPerResponseUs\":%.4f,\"cores\":%.3f", used * per_response, used / seconds);
  if (!by_thread) return;
  printf(",\"cpuByThreadUs\":{");
  for (int i = 0; i < after->threads; i++) {
    double spent = after->thread[i].seconds - cpu_of_thread(before, after->thread[i].name);
    printf("%s\"%s\":%.4f", i ? "," : "", after->thread[i].name, spent * per_response);
  }
  putchar('}');
}

static void print_tally(const Tally *tally, double seconds) {
  const uint64_t *got = tally->replies;
  uint64_t total = tally->latencies.count;
  printf("\"seconds\":%.3f,\"responses\":%lu,\"responsesPerSecond\":%.0f", seconds, total,
         (double)total / seconds);
  printf(",\"connects\":%lu,\"announces\":%lu,\"scrapes\":%lu,\"failures\":%lu", got[CONNECT], got[ANNOUNCE], got[SCRAPE],
         got[FAILURE]);
  printf(",\"malformed\":%lu,\"late\":%lu,\"timeouts\":%lu", tally->malformed, tally->late, tally->timeouts);
  printf(",\"peersPerAnnounce\":%.3f", got[ANNOUNCE] ? (double)tally->peers / (double)got[ANNOUNCE] : 0);
  printf(",\"p50Us\":%.0f,\"p99Us\":%.0f,\"p999Us\":%.0f", latency_us(&tally->latencies, 0.5),
         latency_us(&tally->latencies, 0.99), latency_us(&tally->latencies, 0.999));
  if (got[FAILURE]) print_text("lastFailure", tally->last_failure);
}
