// Time from request to reply, in buckets of 2 us up to 100 ms and of 1 ms up to 10 s; longer times count as 10 s.
#pragma once
#include <stdint.h>
#include <string.h>

enum { FINE_BUCKETS = 50000, FINE_STEP_NS = 2000, COARSE_BUCKETS = 9900, COARSE_STEP_NS = 1000000 };
static const uint64_t FINE_END_NS = (uint64_t)FINE_BUCKETS * FINE_STEP_NS;

typedef struct {
  uint64_t count;
  uint32_t fine[FINE_BUCKETS], coarse[COARSE_BUCKETS];
} Latencies;

static void latency_add(Latencies *latencies, uint64_t nanoseconds) {
  latencies->count++;
  if (nanoseconds < FINE_END_NS) {
    latencies->fine[nanoseconds / FINE_STEP_NS]++;
    return;
  }
  uint64_t at = (nanoseconds - FINE_END_NS) / COARSE_STEP_NS;
  latencies->coarse[at < COARSE_BUCKETS ? at : COARSE_BUCKETS - 1]++;
}

static double latency_us(const Latencies *latencies, double share) {
  uint64_t seen = 0;
  for (int i = 0; i < FINE_BUCKETS; i++) {
    seen += latencies->fine[i];
    if (seen && (double)seen >= share * (double)latencies->count) return (i + 1) * (FINE_STEP_NS / 1e3);
  }
  for (int i = 0; i < COARSE_BUCKETS; i++) {
    seen += latencies->coarse[i];
    if (seen && (double)seen >= share * (double)latencies->count) {
      return (double)FINE_END_NS / 1e3 + (i + 1) * (COARSE_STEP_NS / 1e3);
    }
  }
  return 0;
}
