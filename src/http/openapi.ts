/** The OpenAPI document, made from the routes: served, and committed as `openapi/openapi.json`. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'
import type { Access } from '../access/roles.ts'
import { tagOf } from '../json/canonical.ts'
import { PACKAGE } from '../package.ts'
import { etagOf, notModified } from './conditional.ts'
import { operationOf, withHeaders } from './operations.ts'

const TAGS = [
  { name: 'registry', description: 'What this is, and where to go on.' },
  { name: 'measures', description: 'The catalogue: list, filter, search, read, compare, retire.' },
  { name: 'drafts', description: 'Working copies: register, edit, submit, return, publish.' },
  { name: 'readiness', description: 'What can be implemented at once, in the context of the one who asks.' },
  { name: 'implementations', description: 'What became of measures where they were put to use.' },
  { name: 'gaps', description: 'Who or what is not seen by the measures that there are.' },
  { name: 'exercises', description: 'Votes of stakeholder groups on what comes first: prepared, counted, published.' },
  { name: 'voting', description: 'For voters, who come with a code and nothing else.' },
  { name: 'imports', description: 'Measures from files: FHIR, spreadsheets, JSON.' },
  { name: 'fhir', description: 'Published measures as FHIR R4 resources.' },
  { name: 'vocabularies', description: 'Coded lists with labels in five languages.' },
  { name: 'changes', description: 'The log of every change, to be followed.' },
  { name: 'access', description: 'Keys, and who one is.' }
]

const DESCRIPTION = `An open registry of integrated-care performance and outcome measures.

Reading needs no key. Filters take codes of the vocabularies: comma is or, repetition is and, \`!\` is not. Lists answer
\`items\`, a true \`total\` and \`next\`, the cursor of the next page. Answers carry a strong \`ETag\`; changes need it in \`If-Match\`.
Refusals are problem details (RFC 9457) that name each place that is wrong.`

/** One request that the reference shows and a test sends. */
interface Example {
  readonly path?: Record<string, string>
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** By media type, where a body comes in several forms. */
  readonly bodies?: Record<string, unknown>
}

interface Operation {
  parameters?: { name: string; in: string; example?: unknown; style?: string; explode?: boolean }[]
  requestBody?: { required?: boolean; content: Record<string, { example?: unknown }> }
  responses: Record<string, object>
  'x-example'?: Example
  'x-body-optional'?: boolean
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, object> }
}

/** Registers the document; has to come before the routes that it describes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Common Measure',
        summary: PACKAGE.description,
        description: DESCRIPTION,
        version: PACKAGE.version,
        license: { name: 'EUPL-1.2', url: 'https://spdx.org/licenses/EUPL-1.2.html' }
      },
      // Relative to where the document is served: the same document is right behind every address.
      servers: [{ url: '/', description: 'The server that serves this document.' }],
      tags: TAGS,
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key that an administrator made. It is shown once.' } }
      }
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`) },
    transform: ({ schema, url, route }) => {
      if (!schema) return { schema, url }
      const { access, bodyOptional, untraced } = (route.config ?? {}) as { access?: Access; bodyOptional?: boolean; untraced?: boolean }
      const operation = operationOf(schema as never, String(route.method), access ?? 'reader', untraced)
      return { schema: { ...operation, ...(bodyOptional ? { 'x-body-optional': true } : {}) } as never, url }
    },
    transformObject: (document) =>
      ('openapiObject' in document ? finished(document.openapiObject as never) : document.swaggerObject) as never
  })

  const rendered = new Map<string, { text: string; etag: string }>()
  for (const [path, type, render] of [
    ['/openapi.json', 'application/json', () => `${JSON.stringify(app.swagger(), null, 2)}\n`],
    ['/openapi.yaml', 'application/yaml', () => stringify(app.swagger(), { aliasDuplicateObjects: false })]
  ] as const) {
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      const found = rendered.get(path) ?? { text: render(), etag: '' }
      rendered.set(path, found)
      found.etag ||= etagOf(tagOf(found.text))
      reply.type(`${type}; charset=utf-8`)
      if (notModified(request, reply, found.etag)) return reply
      return reply.send(found.text)
    })
  }
}

/** Puts each example where OpenAPI expects it, at the parameters and at the body, and leaves out what nothing refers to. */
function finished(document: Document): Document {
  for (const [method, operation] of Object.values(document.paths).flatMap((path) => Object.entries(path))) {
    const { 'x-example': example = {} } = operation
    for (const parameter of operation.parameters ?? []) {
      const given = { path: example.path, query: example.query, header: example.headers }[parameter.in]
      const value = given?.[parameter.name] ?? given?.[parameter.name.toLowerCase()]
      if (value !== undefined) parameter.example = typed(parameter, value)
    }
    for (const [type, content] of Object.entries(operation.requestBody?.content ?? {}))
      content.example = example.bodies?.[type] ?? example.body
    delete operation['x-example']
    if (operation.requestBody) operation.requestBody.required = !operation['x-body-optional']
    delete operation['x-body-optional']
    withHeaders(operation, method)
  }
  const { schemas } = document.components
  const used = referred(schemas, document.paths)
  document.components.schemas = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
  return document
}

/** The names of the schemas that something refers to, directly or through others. */
function referred(schemas: Readonly<Record<string, object>>, from: object, found = new Set<string>()): Set<string> {
  for (const [, name] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (found.has(name!)) continue
    found.add(name!)
    referred(schemas, schemas[name!]!, found)
  }
  return found
}

/** Text of an address, as the type that the parameter has. */
function typed(parameter: object, value: string): unknown {
  const type = (parameter as { schema?: { type?: string } }).schema?.type
  if (type === 'array') return [value]
  if (type === 'boolean') return value === 'true'
  return type === 'integer' || type === 'number' ? Number(value) : value
}
