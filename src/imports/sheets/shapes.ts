/** The schema of measures, read as JSON Schema: what kind of thing a field is. */
import { Jurisdiction, LanguageTag, PARTS } from '../../measures/measure.parts.ts'
import { NewMeasure, Translation } from '../../measures/measure.schema.ts'
import { type ClosedVocabulary, CODES } from '../../vocabularies/codes.ts'

/** The keywords of JSON Schema by which a field is told. */
export interface Shape {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly format?: string
  readonly maxLength?: number
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly patternProperties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
}

/** Texts that can be longer than this have several lines. */
const MAX_LINE = 500

const asShape = (schema: object): Shape => schema

const COMPONENTS = new Map([...PARTS, Translation].map((part) => [part.$id, asShape(part)]))

/** The shape itself, or what it refers to. */
export const shapeOf = (shape: Shape | undefined): Shape =>
  shape?.$ref === undefined ? (shape ?? {}) : (COMPONENTS.get(shape.$ref.replace(/#$/, '')) ?? {})

/** A measure as people write it. */
export const MEASURE_SHAPE = asShape(NewMeasure)
export const TRANSLATION_SHAPE = asShape(Translation)

/** A member by its name; nothing for names that only every object has. */
export const memberShape = (shape: Shape, name: string): Shape | undefined =>
  shape.properties && Object.hasOwn(shape.properties, name) ? shapeOf(shape.properties[name]) : undefined

/** A field by its dotted path; nothing if people write no such field. */
export const shapeAt = (path: string): Shape | undefined =>
  path.split('.').reduce<Shape | undefined>((shape, name) => shape && memberShape(shape, name), MEASURE_SHAPE)

const OPEN_LISTS = new Map([
  [asShape(Jurisdiction('')).pattern, 'jurisdiction'],
  [asShape(LanguageTag('')).pattern, 'language']
])
const CLOSED_LISTS = new Map(Object.entries(CODES).map(([name, codes]) => [codes.join('|'), name as ClosedVocabulary]))

/** The vocabulary that the codes of a field are of. */
export const vocabularyOf = (shape: Shape): string | undefined =>
  shape.enum ? CLOSED_LISTS.get(shape.enum.join('|')) : OPEN_LISTS.get(shape.pattern)

/** Whether a text of this shape is prose, and of one line or several; nothing where its form is prescribed. */
export function proseOf(shape: Shape): 'line' | 'text' | undefined {
  const isProse = shape.type === 'string' && !shape.enum && !shape.format && (shape.pattern ?? '\\S') === '\\S'
  if (!isProse) return undefined
  return (shape.maxLength ?? 0) > MAX_LINE ? 'text' : 'line'
}
