-- Announces for wrk. Each request is by a random peer; a peer keeps its torrent, id and port, so that the swarms are
-- real. Arguments: torrents, peers per torrent, and "close" for a new connection per request. Prints a line of JSON.

local torrents, peers, is_closing
local hashes = {}

local function info_hash(torrent)
  local parts = {}
  for i = 1, 20 do
    parts[i] = string.format("%%%02X", (torrent * 7919 + i * 104729 + torrent % 251 * i) % 256)
  end
  return table.concat(parts)
end

function init(arguments)
  torrents, peers = tonumber(arguments[1]), tonumber(arguments[2])
  is_closing = arguments[3] == "close"
  for torrent = 0, torrents - 1 do hashes[torrent] = info_hash(torrent) end
  math.randomseed(1)
end

function request()
  local torrent, peer = math.random(0, torrents - 1), math.random(0, peers - 1)
  local left = peer % 4 == 0 and 734003200 or 0
  local path = string.format(
    "/announce?info_hash=%s&peer_id=-LD0100-%06d%06d&port=%d&uploaded=1048576&downloaded=2097152&left=%d&numwant=50&key=%08X&compact=1",
    hashes[torrent], torrent, peer, 20000 + peer, left, torrent * 65536 + peer)
  return wrk.format("GET", path, { Host = "127.0.0.1", Connection = is_closing and "close" or "keep-alive" })
end

function done(summary, latency)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.3f,"bytes":%d,"failures":%d,"timeouts":%d,"p50Us":%d,"p99Us":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, failures, summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
