import { describe, expect, it } from '@jest/globals'
import { hasNormalizedPath } from '../../../../src/adapters/inbound/rest/normalized-path.ts'

describe('a path', () => {
  it.each([
    '/',
    '/api/v2/stats',
    '/api/v2/stats?a=//&b=/../',
    'http://tracker.example/api/v2/stats',
    '/a/..b/.c/d.',
    '/a/',
  ])('is normalized: %s', (target) => expect(hasNormalizedPath(target)).toBe(true))

  it.each([
    '',
    '*',
    'api',
    '//api',
    '/api//v2',
    '/api/../metrics',
    '/api/..',
    '/api/./v2',
    '/api/%2e%2e/metrics',
    '/api/%2E./metrics',
    '/api/.%2e?x',
    '/api\\..\\metrics',
    'http://tracker.example//api',
    'http://tracker.example/api/../metrics',
    'ftp://tracker.example/api',
  ])('is not normalized: %s', (target) => expect(hasNormalizedPath(target)).toBe(false))
})
