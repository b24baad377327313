/** Judging values by schemas where there is no request: the same rules as for the bodies of requests. */
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { Component } from '../component.ts'
import type { SchemaError } from './explaining.ts'

/**
 * Keywords of OpenAPI mean nothing to a validator. `verbose` names the schema of what is wrong. Schemas are judged by tests, and
 * compiled as they come: judging and optimising hundreds of them takes a second of every start.
 */
export const AJV_OPTIONS = { allErrors: true, verbose: true, strict: false, validateSchema: false, code: { optimize: false } } as const

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

/** A day that the calendar has: `Date` would take 30 February for 2 March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/**
 * An instant of RFC 3339 that `Date` knows as well, in the years 0 to 9999 of UTC: the format of ajv-formats also takes offsets
 * without minutes and leap seconds, on which `toISOString` fails, and instants whose text would be out of order.
 */
export function isInstant(text: string): boolean {
  if (!RFC_3339.test(text) || !isDay(text.slice(0, 10))) return false
  const instant = new Date(text)
  return !Number.isNaN(instant.getTime()) && /^\d/.test(instant.toISOString())
}

/** A judge of values by one schema that refers to others; it finds everything that is wrong, and changes nothing. */
export function validatorOf(schema: Component, others: readonly Component[]): (value: unknown) => SchemaError[] {
  const ajv = new Ajv(AJV_OPTIONS)
  formats.default(ajv)
  ajv.addFormat('date-time', isInstant)
  for (const other of others) ajv.addSchema(other)
  const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema)
  return (value) => (validate(value) ? [] : [...(validate.errors as SchemaError[])])
}
