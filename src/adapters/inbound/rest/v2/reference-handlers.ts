// REST v2: its OpenAPI description and the page that shows it. Everything on the page is served from here: nothing is
// fetched from other hosts, and the page has no inline script.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { openApiDocument } from '../../../protocol/rest/openapi.ts'
import { V2, V2_ROOT } from '../../../protocol/rest/v2/contract.ts'
import type { reference } from '../../../protocol/rest/v2/reference.ts'
import { V2_SCHEMAS } from '../../../protocol/rest/v2/schemas.ts'
import type { Handlers } from './mount.ts'

const DESCRIPTION = `Manages a Muster tracker. Everything except this description requires a token:
\`Authorization: Bearer ...\`. Errors are problem details (RFC 9457), whose \`code\` identifies the error.`

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Muster REST v2</title>
<link rel="stylesheet" href="${V2_ROOT}/docs/swagger-ui.css">
<script src="${V2_ROOT}/docs/swagger-ui-bundle.js" defer></script>
<script src="${V2_ROOT}/docs/start.js" defer></script>
</head>
<body><div id="reference"></div></body>
</html>
`

const START = `SwaggerUIBundle({ url: '${V2_ROOT}/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null })
`

const require = createRequire(import.meta.url)

export function referenceHandlers(version: string): Handlers<typeof reference> {
  const description = { title: 'Muster REST v2', version, description: DESCRIPTION, root: V2_ROOT }
  const document = openApiDocument(V2, V2_SCHEMAS, description)
  const script = new CachedFile(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'))
  const style = new CachedFile(require.resolve('swagger-ui-dist/swagger-ui.css'))
  return {
    describe: async () => ({ status: 200, body: document }),
    browse: async () => ({ status: 200, body: PAGE }),
    browseScript: async () => ({ status: 200, body: await script.read() }),
    browseStart: async () => ({ status: 200, body: START }),
    browseStyle: async () => ({ status: 200, body: await style.read() }),
  }
}

/** A file of a package, read on first use and cached, because anyone may request it often. */
class CachedFile {
  readonly #path: string
  #text: string | undefined

  constructor(path: string) {
    this.#path = path
  }

  async read(): Promise<string> {
    this.#text ??= await readFile(this.#path, 'utf8')
    return this.#text
  }
}
