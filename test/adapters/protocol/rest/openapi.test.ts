import { describe, expect, it } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { openApiDocument } from '../../../../src/adapters/protocol/rest/openapi.ts'
import { V2, V2_ROOT } from '../../../../src/adapters/protocol/rest/v2/contract.ts'
import { V2_SCHEMAS } from '../../../../src/adapters/protocol/rest/v2/schemas.ts'

function document() {
  return openApiDocument(V2, V2_SCHEMAS, { title: 'Muster', version: '1.2.3', description: 'About it.', root: V2_ROOT })
}

/** All values of `$ref` in a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === '$ref' ? [String(inner)] : references(inner)))
}

describe('the description of REST v2', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator()
    expect(await validator.validate(document())).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('has no dangling references and no unused schemas', () => {
    const written: { components: Record<string, object> } = JSON.parse(JSON.stringify(document()))
    const there = Object.entries(written.components).flatMap(([kind, parts]) =>
      Object.keys(parts).map((name) => `#/components/${kind}/${name}`),
    )
    const used = new Set(references(written))
    expect([...used].filter((reference) => !there.includes(reference))).toEqual([])
    expect(there.filter((name) => name.includes('/schemas/') && !used.has(name))).toEqual([])
  })

  it('describes what a schema cannot express: one torrent or many', () => {
    const { components } = JSON.parse(JSON.stringify(document())) as {
      components: { schemas: Record<string, { description?: string }> }
    }
    for (const name of ['WhitelistAddition', 'BlocklistAddition']) {
      expect(components.schemas[name]?.description).toBe('Has either `info_hash` or `info_hashes`.')
    }
  })

  it('contains every operation by id, without the files of its page, with a token where one is needed', () => {
    const { paths } = JSON.parse(JSON.stringify(document())) as {
      paths: Record<string, Record<string, { operationId: string; security: object[] }>>
    }
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      Object.keys(V2)
        .filter((id) => !['browseScript', 'browseStart', 'browseStyle'].includes(id))
        .sort(),
    )
    const open = operations.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId)
    expect(open.sort()).toEqual(['browse', 'describe'])
  })
})
