import { describe, expect, it } from '@jest/globals'
import type { Operation } from '../../../../../src/adapters/protocol/rest/operation.ts'
import { V2, V2_ROOT } from '../../../../../src/adapters/protocol/rest/v2/contract.ts'
import { anApp } from '../rest-fixture.ts'

describe('the routes of REST v2', () => {
  it('are exactly those of the contract', () => {
    const { app } = anApp()
    const served = app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith(V2_ROOT))
      .map(({ method, path }) => `${method} ${path.slice(V2_ROOT.length).replaceAll(/:(\w+)/g, '{$1}')}`)
    const operations: Operation[] = Object.values(V2)
    const promised = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect(served.sort()).toEqual(promised.sort())
  })

  it('are those of the document that is served', async () => {
    const { ask } = anApp()
    const { paths } = (await (await ask('/api/v2/openapi.json')).json()) as { paths: Record<string, object> }
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    const operations = Object.values<Operation>(V2).filter(({ isAsset }) => !isAsset)
    expect(described.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort())
  })
})
