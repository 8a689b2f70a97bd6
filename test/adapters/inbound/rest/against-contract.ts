// Checks answers of REST v2 against the contract: its own schemas, and the OpenAPI document that is served.

import { createRequire } from 'node:module'
import { openApiDocument } from '../../../../src/adapters/protocol/rest/openapi.ts'
import {
  JSON_TYPE,
  NDJSON_TYPE,
  type Operation,
  PROBLEM_TYPE,
  problemStatuses,
  type Schema,
} from '../../../../src/adapters/protocol/rest/operation.ts'
import { ProblemSchema } from '../../../../src/adapters/protocol/rest/problem.ts'
import { readBy } from '../../../../src/adapters/protocol/rest/read.ts'
import { V2, V2_ROOT } from '../../../../src/adapters/protocol/rest/v2/contract.ts'
import { V2_SCHEMAS } from '../../../../src/adapters/protocol/rest/v2/schemas.ts'

interface JsonSchemaValidator {
  addSchema(schema: object, key: string): void
  validate(schema: object, value: unknown): boolean
  errorsText(): string
}

const description = { title: 't', version: '1', description: 'd', root: V2_ROOT }
/** The JSON Schema validator that the OpenAPI validator is built on. */
const validators = createRequire(createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator'))
const Ajv: { default: new (options: object) => JsonSchemaValidator } = validators('ajv/dist/2020.js')
const schemas = new Ajv.default({ strict: false, validateFormats: false })
schemas.addSchema(openApiDocument(V2, V2_SCHEMAS, description), 'api')

const OPERATIONS: readonly Operation[] = Object.values(V2)

/** Rejects when the answer breaks the contract. Reads a copy of it. */
export async function checkAnswer(method: string, target: string, response: Response): Promise<void> {
  const path =
    target
      .replace(/^https?:\/\/[^/]*/, '')
      .split('?', 1)[0]
      ?.slice(V2_ROOT.length) ?? ''
  const operation = OPERATIONS.find((known) => isMatch(known, method, path))
  const { status } = response
  const type = response.headers.get('content-type') ?? undefined
  const success = operation?.success[status]
  const where = `${method} ${path} answered ${status}`
  if (success !== undefined && operation !== undefined) {
    if (type !== success.content?.type) throw new Error(`${where} as ${type}`)
    if (success.content === undefined) return
    const text = await response.clone().text()
    const { schema } = success.content
    // The files of the page are in the contract, but not in the document.
    if (operation.isAsset) return
    const key = pointerOf(operation, status, type)
    if (type === NDJSON_TYPE) {
      for (const line of text.split('\n').slice(0, -1)) check(where, schema, key, JSON.parse(line))
      if (text !== '' && !text.endsWith('\n')) throw new Error(`${where} without a line break at the end`)
    } else check(where, schema, key, type === JSON_TYPE ? JSON.parse(text) : text)
    return
  }
  const promised: readonly number[] = operation === undefined ? [404, 405] : problemStatuses(operation)
  if (!promised.includes(status)) throw new Error(`${where}, which is not in the contract`)
  if (type !== PROBLEM_TYPE) throw new Error(`${where} as ${type}`)
  const problem = JSON.parse(await response.clone().text())
  check(where, ProblemSchema, 'api#/components/schemas/Problem', problem)
  if (problem.status !== status) throw new Error(`${where} but says ${problem.status}`)
}

function isMatch({ method, path }: Operation, wanted: string, given: string): boolean {
  const pattern = path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '(?!export$|import$|lookup$)[^/]+')
  return method.toUpperCase() === wanted && new RegExp(`^${pattern}$`).test(given)
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function pointerOf({ path, method }: Operation, status: number, type: string | undefined): string {
  const steps = ['paths', path, method, 'responses', String(status), 'content', type?.split(';', 1)[0] ?? '', 'schema']
  return `api#/${steps.map(escaped).join('/')}`
}

function check(where: string, schema: Schema, key: string, value: unknown): void {
  const reading = readBy(schema, value)
  if (!reading.isValid) throw new Error(`${where}: ${JSON.stringify(reading.errors)}`)
  if (!schemas.validate({ $ref: key }, value)) throw new Error(`${where}: ${schemas.errorsText()}`)
}
