// The minimum cost of a UDP tracker: only moves datagrams, with one recvmmsg and one sendmmsg, without any state.
// Real trackers are compared with it in the same run. Connects are answered with a constant connection id, announces with
// a fixed number of made-up peers, scrapes with zeros. Prints the port it listens on, and serves until it is killed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "loopback.h"

enum { BATCH = 64, DATAGRAM = 2048, MAX_PEERS = 300 };
enum { CONNECT = 0, ANNOUNCE = 1 };

typedef struct {
  unsigned char request[BATCH][DATAGRAM], reply[BATCH][DATAGRAM];
  struct sockaddr_storage sender[BATCH];
  struct iovec request_part[BATCH], reply_part[BATCH];
  struct mmsghdr requests[BATCH], replies[BATCH];
} Batch;

static void prepare(Batch *batch) {
  for (int i = 0; i < BATCH; i++) {
    batch->request_part[i] = (struct iovec){batch->request[i], DATAGRAM};
    batch->reply_part[i].iov_base = batch->reply[i];
    batch->requests[i].msg_hdr = (struct msghdr){
        .msg_name = &batch->sender[i], .msg_iov = &batch->request_part[i], .msg_iovlen = 1};
    batch->replies[i].msg_hdr = (struct msghdr){
        .msg_name = &batch->sender[i], .msg_iov = &batch->reply_part[i], .msg_iovlen = 1};
  }
}

static size_t reply_size(int action, size_t request_size, size_t peer_bytes) {
  if (action == CONNECT) return 16;
  if (action == ANNOUNCE) return 20 + peer_bytes;
  return request_size < 16 ? 8 : 8 + 12 * ((request_size - 16) / 20);
}

// Action and transaction id are adjacent in a request (bytes 8 to 15) and in a reply (bytes 0 to 7).
static void answer(Batch *batch, int i, size_t peer_bytes) {
  unsigned char *request = batch->request[i], *reply = batch->reply[i];
  memcpy(reply, request + 8, 8);
  int action = request[11];
  batch->reply_part[i].iov_len = reply_size(action, batch->requests[i].msg_len, peer_bytes);
  batch->replies[i].msg_hdr.msg_namelen = batch->requests[i].msg_hdr.msg_namelen;
  if (action == CONNECT) reply[15] = 1;
}

static void send_replies(int fd, Batch *batch, int count) {
  for (int sent = 0; sent < count;) {
    int step = sendmmsg(fd, batch->replies + sent, count - sent, 0);
    if (step <= 0) return;
    sent += step;
  }
}

static void serve(int fd, size_t peer_bytes) {
  static Batch batch;
  prepare(&batch);
  for (;;) {
    for (int i = 0; i < BATCH; i++) batch.requests[i].msg_hdr.msg_namelen = sizeof batch.sender[i];
    int count = recvmmsg(fd, batch.requests, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) answer(&batch, i, peer_bytes);
    send_replies(fd, &batch, count);
  }
}

static int port_of(const Loopback *address) {
  return ntohs(address->generic.sa_family == AF_INET6 ? address->ipv6.sin6_port : address->ipv4.sin_port);
}

int main(int argc, char **argv) {
  int peers = argc > 2 ? atoi(argv[2]) : 21;
  Loopback at;
  if (argc < 2 || argc > 4 || peers < 0 || peers > MAX_PEERS || !loopback_read(&at, argc > 3 ? argv[3] : "127.0.0.1", argv[1])) {
    fprintf(stderr, "usage: udp-floor PORT [PEERS [127.0.0.1 | ::1]]\nPORT 0 chooses a free port. PEERS is 0 to 300 (21).\n");
    return 2;
  }
  int fd = loopback_socket(&at, 0);
  if (fd < 0 || bind(fd, &at.generic, at.size)) {
    perror("udp-floor");
    return 1;
  }
  getsockname(fd, &at.generic, &at.size);
  printf("udp-floor on port %d\n", port_of(&at));
  fflush(stdout);
  serve(fd, (size_t)peers * (at.generic.sa_family == AF_INET6 ? 18 : 6));
}
