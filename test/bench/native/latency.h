// Time from request to reply, in buckets of 2 us up to 100 ms; longer times count as 100 ms.
#pragma once
#include <stdint.h>
#include <string.h>

enum { LATENCY_BUCKETS = 50000, LATENCY_STEP_NS = 2000 };

typedef struct {
  uint64_t count, bucket[LATENCY_BUCKETS];
} Latencies;

static void latency_add(Latencies *latencies, uint64_t nanoseconds) {
  uint64_t at = nanoseconds / LATENCY_STEP_NS;
  latencies->bucket[at < LATENCY_BUCKETS ? at : LATENCY_BUCKETS - 1]++;
  latencies->count++;
}

static double latency_us(const Latencies *latencies, double share) {
  uint64_t seen = 0;
  for (int i = 0; i < LATENCY_BUCKETS; i++) {
    seen += latencies->bucket[i];
    if (seen && (double)seen >= share * (double)latencies->count) return (i + 1) * (LATENCY_STEP_NS / 1000.0);
  }
  return 0;
}
