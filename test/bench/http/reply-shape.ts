// The headers and size of a real announce reply, so that the bare server can send one of the same size.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

export interface ReplyShape {
  /** Alternating names and values, as the tracker sends them, without those that node:http adds itself. */
  readonly headers: readonly string[]
  readonly bodyBytes: number
  readonly hasDate: boolean
}

const ADDED_BY_NODE = ['date', 'connection', 'keep-alive', 'transfer-encoding']

const QUERY =
  'info_hash=%00%01%02%03%04%05%06%07%08%09%0a%0b%0c%0d%0e%0f%10%11%12%13&peer_id=-LD0100-abcdefghijkl&port=19999' +
  '&uploaded=0&downloaded=0&left=1&numwant=50&compact=1'

/** Announces to the torrent `infoHash` as a leecher. */
export async function shapeOfReply(port: number, infoHash: string): Promise<ReplyShape> {
  const path = `/announce?${QUERY.replace(/info_hash=[^&]*/, `info_hash=${infoHash}`)}`
  const request = get({ host: '127.0.0.1', port, path, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response === undefined) throw new Error('no reply')
  let bodyBytes = 0
  for await (const chunk of response) bodyBytes += chunk.length
  if (response.statusCode !== 200) throw new Error(`the announce was answered with ${response.statusCode}`)
  const raw = response.rawHeaders
  const names = raw.filter((_, index) => index % 2 === 0)
  const headers = names.flatMap((name, index) =>
    ADDED_BY_NODE.includes(name.toLowerCase()) ? [] : [name, raw[index * 2 + 1] ?? ''],
  )
  return { headers, bodyBytes, hasDate: names.some((name) => name.toLowerCase() === 'date') }
}
