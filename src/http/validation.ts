/**
 * Bodies are judged as they are; text that came in the address or a header is converted first. Nothing unknown is ever
 * dropped in silence, and every place that is wrong is named.
 */
import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler'
import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError, FastifyServerOptions } from 'fastify'
import type { Component } from '../component.ts'
import { AJV_OPTIONS, isInstant } from '../json/validator.ts'
import { buildSerializer } from './serialization.ts'

type Compile = ReturnType<BuildCompilerFromPool>
type Validate = ((data: unknown) => unknown) & { errors?: unknown }
interface Part {
  readonly httpPart?: string
  readonly schema?: { readonly properties?: Record<string, { readonly type?: unknown }> }
}

/** How numbers are written in an address: conversion alone would take `0x10`, blanks and line ends as well. */
const WRITTEN: Readonly<Record<string, RegExp>> = { integer: /^-?\d{1,15}$/, number: /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i }

function inDigits({ schema }: Part, validate: Validate): Validate {
  const written = Object.entries(schema?.properties ?? {}).flatMap(([name, { type }]) => {
    const form = WRITTEN[String(type)]
    return form ? [[name, form] as const] : []
  })
  if (written.length === 0) return validate
  const judge: Validate = (data) => {
    const parameters = data as Record<string, unknown>
    for (const [name, form] of written) {
      const value = parameters[name]
      // What is no number to anyone is refused with its place, beside whatever else is wrong.
      if (typeof value === 'string' && !form.test(value)) parameters[name] = 'not a number'
    }
    const isValid = validate(data)
    judge.errors = validate.errors
    return isValid
  }
  return judge
}

/** Compiled for the first request that needs it: a start compiles nothing, and most processes are asked for a few routes. */
function whenAsked(compile: () => Validate): Validate {
  let judge: Validate | undefined
  const asked: Validate = (data) => {
    judge ??= compile()
    const isValid = judge(data)
    asked.errors = judge.errors
    return isValid
  }
  return asked
}

export const schemaCompilers = (): NonNullable<FastifyServerOptions['schemaController']> => {
  const buildValidator: BuildCompilerFromPool = (shared) => {
    const build = AjvCompiler()
    const compiler = (coerceTypes: boolean | 'array') =>
      build(shared, {
        customOptions: { ...AJV_OPTIONS, coerceTypes, removeAdditional: false, useDefaults: true },
        onCreate: (ajv) => ajv.addFormat('date-time', isInstant)
      })
    const strict = compiler(false)
    const lenient = compiler('array')
    // The published types describe Ajv's compile(); Fastify passes the whole route.
    const compile = (route: Part) => (route.httpPart === 'body' ? (strict(route) as Validate) : inDigits(route, lenient(route) as Validate))
    return ((route: Part) => whenAsked(() => compile(route))) as Compile
  }
  return { compilersFactory: { buildValidator, buildSerializer } }
}

/** A route of the API that names no parameters takes none. */
export function refuseUnnamedParameters(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, schema }) => {
    if (schema && /^\/(v1|fhir)\b/.test(url)) schema.querystring ??= { type: 'object', properties: {}, additionalProperties: false }
  })
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
