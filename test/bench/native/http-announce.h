// An announce over HTTP, and whether an answer to one is whole and good.
#pragma once
#include <stdio.h>
#include <strings.h>

#include "population.h"

enum { REQUEST_BYTES = 640, RESPONSE_BYTES = 8192 };

static int write_http_announce(char *out, const Population *population, uint32_t peer, const char *host, bool is_kept) {
  uint8_t hash[20];
  char escaped[61];
  info_hash_of(population->torrent_of[peer], hash);
  for (int i = 0; i < 20; i++) snprintf(escaped + 3 * i, 4, "%%%02x", hash[i]);
  return snprintf(out, REQUEST_BYTES,
      "GET /announce?info_hash=%s&peer_id=-LD0100-%012u&port=%u&uploaded=0&downloaded=0&left=%u&numwant=50&compact=1"
      " HTTP/1.1\r\nHost: %s\r\nUser-Agent: load\r\nConnection: %s\r\n\r\n",
      escaped, peer, 10000 + (uint32_t)(spread(peer) % 55000), peer % 4 ? 0 : 1 << 20, host,
      is_kept ? "keep-alive" : "close");
}

typedef enum { RESPONSE_PARTIAL, RESPONSE_GOOD, RESPONSE_BAD } ResponseState;

// `text` ends with a zero byte, `size` does not count it. Bodies may hold zero bytes.
static ResponseState judge_response(const char *text, size_t size) {
  const char *end = strstr(text, "\r\n\r\n");
  if (!end) return size < RESPONSE_BYTES ? RESPONSE_PARTIAL : RESPONSE_BAD;
  if (strncmp(text, "HTTP/1.1 200", 12)) return RESPONSE_BAD;
  const char *length = strcasestr(text, "\r\ncontent-length:");
  if (!length || length > end) return RESPONSE_BAD;
  size_t whole = (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
  if (size < whole) return whole < RESPONSE_BYTES ? RESPONSE_PARTIAL : RESPONSE_BAD;
  return strncmp(end + 4, "d8:complete", 11) ? RESPONSE_BAD : RESPONSE_GOOD;
}

static bool closes_after(const char *text) { return strcasestr(text, "\r\nconnection: close") != NULL; }
