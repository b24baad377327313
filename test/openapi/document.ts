/** The committed OpenAPI document, as the tests read it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import type { Access } from '../../src/access/roles.ts'

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: JsonSchema
  readonly example?: unknown
}
interface Content {
  readonly schema: JsonSchema
  readonly example?: unknown
}
interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description?: string }>>
  readonly content?: Readonly<Record<string, Content>>
}
export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly 'x-required-role': Access
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, Answer>>
}
interface Document {
  readonly openapi: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

const folder = join(import.meta.dirname, '../../openapi')
export const committed = (file: 'openapi.json' | 'openapi.yaml'): string => readFileSync(join(folder, file), 'utf8')
export const document = JSON.parse(committed('openapi.json')) as Document

export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation, name: operation.operationId }))
)
export type Described = (typeof operations)[number]

/** The request that the examples of an operation make. */
export function exampleOf({ path, operation: { parameters = [], requestBody } }: Described) {
  const given = parameters.filter(({ example }) => example !== undefined)
  const query = new URLSearchParams(
    given
      .filter((parameter) => parameter.in === 'query')
      .flatMap(({ name, example }) => [example].flat().map((value): [string, string] => [name, `${value}`]))
  )
  const headers = given.filter((parameter) => parameter.in === 'header').map(({ name, example }) => [name, `${example}`])
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(`${given.find((parameter) => parameter.in === 'path' && parameter.name === name)?.example}`)
  )
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  return {
    url: query.size > 0 ? `${filled}?${query}` : filled,
    headers: { ...Object.fromEntries(headers), ...(type ? { 'content-type': type } : {}) } as Record<string, string>,
    body: content?.example
  }
}

/** What of an answer does not fit a schema of the document; nothing where it fits. */
export function misfitsOf(schema: JsonSchema, value: unknown): unknown[] {
  // The components stand beside the schema, so that its references lead to them.
  const [fits, errors] = Schema.Errors({ ...schema, components: document.components } as never, value)
  return fits ? [] : errors
}

/** The codes that the refusals of an operation name. */
export const codesOf = ({ responses }: Operation): string[] =>
  Object.values(responses).flatMap(({ content, description }) =>
    content?.['application/problem+json'] ? [...description.matchAll(/`([a-z-]+)`:/g)].map(([, code]) => code!) : []
  )

/** Whether an operation looks at no key: those of voters, who leave no trace. */
export const isUntraced = ({ security }: Operation): boolean => security.every((way) => Object.keys(way).length === 0)

/** Whether the answer of an operation never ends. */
export const isStream = ({ responses }: Operation): boolean => responses['200']?.content?.['text/event-stream'] !== undefined
