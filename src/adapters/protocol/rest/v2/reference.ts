// REST v2: the description of itself, for programs and for people. It holds no secret, so nobody needs a token for it.

import * as v from 'valibot'
import { json, operation } from '../operation.ts'

const text = (type: string) => ({ type, schema: v.string() })

export const reference = {
  describe: operation({
    method: 'get',
    path: '/openapi.json',
    tag: 'reference',
    summary: 'This document',
    success: { 200: { description: 'OpenAPI 3.1', content: json(v.looseObject({ openapi: v.string() })) } },
    problems: [],
  }),
  browse: operation({
    method: 'get',
    path: '/docs',
    tag: 'reference',
    summary: 'This document as a page to browse and to try things',
    success: { 200: { description: 'The page', content: text('text/html; charset=utf-8') } },
    problems: [],
  }),
  browseScript: operation({
    method: 'get',
    path: '/docs/swagger-ui-bundle.js',
    tag: 'reference',
    summary: 'The program of the page',
    success: { 200: { description: 'JavaScript', content: text('text/javascript; charset=utf-8') } },
    problems: [],
  }),
  browseStart: operation({
    method: 'get',
    path: '/docs/start.js',
    tag: 'reference',
    summary: 'What starts the program of the page',
    success: { 200: { description: 'JavaScript', content: text('text/javascript; charset=utf-8') } },
    problems: [],
  }),
  browseStyle: operation({
    method: 'get',
    path: '/docs/swagger-ui.css',
    tag: 'reference',
    summary: 'The looks of the page',
    success: { 200: { description: 'CSS', content: text('text/css; charset=utf-8') } },
    problems: [],
  }),
}
