// REST v2: its OpenAPI document and a page to browse it. They contain no secrets and need no token.

import * as v from 'valibot'
import { json, operation } from '../operation.ts'

function text(type: string) {
  return { type, schema: v.string() }
}

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
    summary: 'A page to browse this document and try out requests',
    success: { 200: { description: 'The page', content: text('text/html; charset=utf-8') } },
    problems: [],
  }),
  browseScript: operation({
    method: 'get',
    path: '/docs/swagger-ui-bundle.js',
    isAsset: true,
    tag: 'reference',
    summary: 'The script of the page',
    success: { 200: { description: 'JavaScript', content: text('text/javascript; charset=utf-8') } },
    problems: [],
  }),
  browseStart: operation({
    method: 'get',
    path: '/docs/start.js',
    isAsset: true,
    tag: 'reference',
    summary: 'The script that starts the page',
    success: { 200: { description: 'JavaScript', content: text('text/javascript; charset=utf-8') } },
    problems: [],
  }),
  browseStyle: operation({
    method: 'get',
    path: '/docs/swagger-ui.css',
    isAsset: true,
    tag: 'reference',
    summary: 'The style sheet of the page',
    success: { 200: { description: 'CSS', content: text('text/css; charset=utf-8') } },
    problems: [],
  }),
}
