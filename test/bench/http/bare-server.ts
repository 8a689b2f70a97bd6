// The floor for HTTP: node:http that answers everything with the same bytes. Its only argument is a ReplyShape as JSON.

import { createServer } from 'node:http'
import type { ReplyShape } from './reply-shape.ts'

const { headers, bodyBytes, hasDate }: ReplyShape = JSON.parse(process.argv[2] ?? '')
const body = Buffer.alloc(bodyBytes, 'x')

const server = createServer((_request, response) => {
  response.sendDate = hasDate
  response.writeHead(200, [...headers])
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`bare server on port ${typeof address === 'object' ? address?.port : ''}`)
})
