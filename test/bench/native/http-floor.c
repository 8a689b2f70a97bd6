// The cheapest HTTP tracker that plain system calls allow (epoll, one thread): receives a request, sends a fixed announce
// reply, closes if the request asks for it. Reads nothing else of the request.
//   http-floor HEAD_BYTES BODY_BYTES     the size of its replies; prints its port
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, REQUEST = 16384, REPLY = 65536 };

static char reply[REPLY];

// A body of `size` bytes: an announce reply, with as many bytes of peers as fit. A few sizes need a shorter interval.
static void make_body(char *body, size_t size) {
  static const char *const BEGINNINGS[] = {"d8:intervali1800e5:peers", "d8:intervali180e5:peers"};
  memset(body, 'x', size);
  for (size_t i = 0; i < 2; i++) {
    for (size_t digits = 1; digits <= 5; digits++) {
      size_t around = strlen(BEGINNINGS[i]) + digits + 2;
      char begun[64];
      int length = size < around ? 0 : snprintf(begun, sizeof begun, "%s%zu:", BEGINNINGS[i], size - around);
      if ((size_t)length + 1 != around) continue;
      memcpy(body, begun, (size_t)length);
      body[size - 1] = 'e';
      return;
    }
  }
}

// A head of `head` bytes, padded by one header, and a body of `body` bytes.
static size_t make_reply(size_t head, size_t body) {
  int begun = snprintf(reply, REPLY, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nPad: ", body);
  if (begun < 0 || (size_t)begun + 4 > head || head + body > REPLY) return 0;
  memset(reply + begun, 'x', head - 4 - (size_t)begun);
  memcpy(reply + head - 4, "\r\n\r\n", 4);
  make_body(reply + head, body);
  return head + body;
}

static int listen_on_loopback(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4096)) return -1;
  getsockname(fd, (struct sockaddr *)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void answer(int fd, size_t size) {
  static char request[REQUEST];
  ssize_t got = recv(fd, request, sizeof request, 0);
  bool wants_close = got > 0 && memmem(request, (size_t)got, "Connection: close", 17) != NULL;
  if (got <= 0 || send(fd, reply, size, MSG_NOSIGNAL) < 0 || wants_close) close(fd);
}

int main(int count, char **argument) {
  size_t size = count == 3 ? make_reply(strtoul(argument[1], NULL, 10), strtoul(argument[2], NULL, 10)) : 0;
  int listening = size ? listen_on_loopback() : -1, epoll = epoll_create1(0);
  if (listening < 0) return 2;
  watch(epoll, listening);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd != listening) {
        answer(events[i].data.fd, size);
        continue;
      }
      for (int fd; (fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) watch(epoll, fd);
    }
  }
}
