// Datagrams with the time at which the kernel received them (socket(7), SO_TIMESTAMPNS), in batches.
#pragma once
#include <time.h>

#include "sources.h"

enum { DATAGRAM = 2048 };
static const uint64_t SECOND = 1000000000;

typedef struct {
  uint8_t bytes[BATCH][DATAGRAM];
  char control[BATCH][64];
  struct iovec part[BATCH];
  struct mmsghdr message[BATCH];
} Arrivals;

static void arrivals_prepare(int fd) { setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &(int){1}, sizeof(int)); }

static int arrivals_receive(Arrivals *arrivals, int fd) {
  for (int i = 0; i < BATCH; i++) {
    arrivals->part[i] = (struct iovec){arrivals->bytes[i], DATAGRAM};
    arrivals->message[i].msg_hdr = (struct msghdr){.msg_iov = &arrivals->part[i], .msg_iovlen = 1,
        .msg_control = arrivals->control[i], .msg_controllen = sizeof arrivals->control[i]};
  }
  int count = recvmmsg(fd, arrivals->message, BATCH, MSG_DONTWAIT, NULL);
  return count > 0 ? count : 0;
}

// In nanoseconds of the realtime clock; `otherwise` if the kernel does not say.
static uint64_t arrival_time(Arrivals *arrivals, int i, uint64_t otherwise) {
  struct timespec time;
  struct msghdr *message = &arrivals->message[i].msg_hdr;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
  }
  return otherwise;
}
