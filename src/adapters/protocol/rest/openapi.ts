// Writes a contract as an OpenAPI 3.1 document, from the same schemas that requests are validated by.

import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import {
  type Content,
  type Contract,
  type Fields,
  type Operation,
  PROBLEM_TYPE,
  type ProblemStatus,
  problemStatuses,
  type Schema,
} from './operation.ts'

export interface Description {
  readonly title: string
  readonly version: string
  readonly description: string
  /** The path of the API on its server. */
  readonly root: string
}

type Json = Record<string, unknown>
type Named = Readonly<Record<string, Schema>>

const PROBLEMS: Readonly<Record<ProblemStatus, string>> = {
  400: 'The request is invalid; `errors` lists the fields',
  401: 'The token is missing or wrong',
  403: 'The token is read-only, or a web page of another origin sent the request',
  404: 'It does not exist',
  405: 'The method is not supported here',
  408: 'The body did not arrive in time',
  409: 'It exists already, or the tracker has no database',
  413: 'The body is too large',
  415: 'The body has the wrong type, or is compressed',
  421: "The host of the request is neither the API's own nor allowed",
  429: 'Too many wrong tokens from this address; Retry-After tells when to try again',
  500: 'Internal error of the tracker',
  503: 'The database is unavailable; it is safe to try again later',
  507: 'The tracker has no room for more',
}

const TOKEN = 'token'

export function openApiDocument(
  contract: Contract,
  schemas: Named,
  description: Description,
): { openapi: string } & Json {
  const { title, version, description: text, root } = description
  const written = new SchemaWriter(schemas)
  const paths: Record<string, Json> = {}
  for (const [id, operation] of Object.entries(contract)) {
    if (operation.isAsset) continue
    paths[operation.path] = { ...paths[operation.path], [operation.method]: writeOperation(id, operation, written) }
  }
  const tags = [...new Set(Object.values(contract).map(({ tag }) => tag))]
  return {
    openapi: '3.1.0',
    info: { title, version, description: text },
    servers: [{ url: root }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: written.components(),
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, meaning]) => [`Problem${status}`, writeProblemResponse(meaning)]),
      ),
      securitySchemes: { [TOKEN]: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function writeOperation(id: string, operation: Operation, schemas: SchemaWriter): Json {
  const { tag, summary, scope, body, success, params, query } = operation
  const responses: Json = {}
  for (const [status, { description, content }] of Object.entries(success)) {
    responses[status] = { description, ...(content && { content: writeContent(content, schemas) }) }
  }
  for (const status of problemStatuses(operation)) {
    responses[status] = { $ref: `#/components/responses/Problem${status}` }
  }
  const parameters = [...writeParameters('path', params, schemas), ...writeParameters('query', query, schemas)]
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(scope === undefined
      ? { security: [] }
      : { description: `Needs a token of scope \`${scope}\`.`, security: [{ [TOKEN]: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: writeContent(body, schemas) } }),
    responses,
  }
}

function writeContent({ type, schema }: Content, schemas: SchemaWriter): Json {
  return {
    [type.split(';', 1)[0] ?? type]: { schema: schemas.write(schema) },
  }
}

function writeParameters(where: 'path' | 'query', fields: Fields | undefined, schemas: SchemaWriter): Json[] {
  return Object.entries(fields?.entries ?? {}).map(([name, entry]) => {
    const { description, ...schema } = schemas.write(entry as Schema)
    const isRequired = entry.type !== 'optional'
    return { name, in: where, required: isRequired, ...(description !== undefined && { description }), schema }
  })
}

function writeProblemResponse(description: string): Json {
  return {
    description,
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

/** Writes named schemas once and refers to them elsewhere. */
class SchemaWriter {
  readonly #named: Named
  readonly #config: ConversionConfig

  constructor(named: Named) {
    this.#named = named
    this.#config = {
      target: 'draft-2020-12',
      // Checks that JSON Schema cannot express are in the descriptions.
      errorMode: 'ignore',
      overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
    }
  }

  write(schema: Schema): Json {
    const { $schema, $defs, ...written } = toJsonSchema(schema, { ...this.#config, definitions: { ...this.#named } })
    return written
  }

  components(): Json {
    return toJsonSchemaDefs({ ...this.#named }, this.#config)
  }
}
