/**
 * Bodies are judged as they are; text that came in the address or a header is converted first. Nothing unknown is ever
 * dropped in silence, and every place that is wrong is named.
 */
import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler'
import type { FastifyRequest, FastifySchemaValidationError, FastifyServerOptions } from 'fastify'
import type { Component } from '../component.ts'

type Compile = ReturnType<BuildCompilerFromPool>

export const validation = (): NonNullable<FastifyServerOptions['schemaController']> => {
  const buildValidator: BuildCompilerFromPool = (shared) => {
    const build = AjvCompiler()
    const compiler = (coerceTypes: boolean | 'array') =>
      build(shared, {
        // x-example and the keywords of OpenAPI mean nothing to a validator. `verbose` names the schema of what is wrong.
        customOptions: { coerceTypes, removeAdditional: false, useDefaults: true, allErrors: true, verbose: true, strict: false }
      })
    const strict = compiler(false)
    const lenient = compiler('array')
    // The published types describe Ajv's compile(); Fastify passes the whole route.
    return ((route: { httpPart?: string }) => (route.httpPart === 'body' ? strict : lenient)(route)) as Compile
  }
  return { compilersFactory: { buildValidator } }
}

/** What Fastify throws when a part of a request does not fit its schema; the same for what we validate ourselves. */
export class ValidationError extends Error {
  readonly validation: FastifySchemaValidationError[]
  readonly validationContext = 'body'
  constructor(errors: FastifySchemaValidationError[]) {
    super('The body does not fit')
    this.validation = errors
  }
}

/** A value, as a body that fits a shared schema; throws what a body that does not fit throws. */
export function validated<T>(request: FastifyRequest, schema: Component, value: unknown): T {
  const validate = request.compileValidationSchema({ $ref: `${schema.$id}#` }, 'body')
  if (validate(value)) return value as T
  throw new ValidationError(validate.errors ?? [])
}
