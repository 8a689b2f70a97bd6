// node:http that answers everything with the same bytes. Its arguments are the sizes of head and body of a reply.

import { createServer } from 'node:http'

const [headBytes = 0, bodyBytes = 0] = process.argv.slice(2).map(Number)
const body = Buffer.alloc(bodyBytes, 'x')
/** What node:http adds itself, and the framing of the padding. */
const OWN_BYTES = 150
const padding = 'x'.repeat(Math.max(1, headBytes - OWN_BYTES))

const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Length': bodyBytes, Pad: padding })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`bare server on port ${typeof address === 'object' ? address?.port : ''}`)
})
