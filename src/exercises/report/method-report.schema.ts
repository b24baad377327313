/** The report of the method of a published exercise, by the items of ACCORD. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../../component.ts'
import { ExerciseId } from '../exercise.parts.ts'
import { ACCORD_ITEMS } from './accord.ts'

const closed = { additionalProperties: false }
const hash = (of: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description: `SHA-256 of ${of}.` })

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

export const REPORT_STATUSES = ['reported', 'partly', 'not-recorded'] as const

export const MethodReportItem = component(
  'MethodReportItem',
  Type.Object(
    {
      item: oneOf(ACCORD_ITEMS, 'The number of the item in ACCORD.'),
      topic: Type.String({ description: 'What the item asks for, in short.' }),
      status: oneOf(REPORT_STATUSES, 'Whether the registry knows all of it, a part of it, or nothing.'),
      text: Type.String({ description: 'English sentences.' }),
      data: Type.Optional(
        Type.Unsafe<Row[]>({
          type: 'array',
          items: { type: 'object', description: 'A row.', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
          description: 'The same as rows of a table. Null is what is withheld; what does not apply is left out.'
        })
      )
    },
    { ...closed, description: 'What is known of an item of ACCORD.' }
  )
)
export type MethodReportItem = Static<typeof MethodReportItem>

export const MethodReport = component(
  'MethodReport',
  Type.Object(
    {
      guideline: Type.Object(
        {
          name: Type.String({ description: 'What it is called.' }),
          citation: Type.String({ description: 'Where it was published.' }),
          url: Type.String({ format: 'uri', description: 'Where to read it.' })
        },
        { ...closed, description: 'The guideline that the report follows.' }
      ),
      exercise: ExerciseId,
      title: Type.String({ description: 'What the exercise is called.' }),
      publishedAt: Type.String({ format: 'date-time', description: 'When the outcome was published.' }),
      outcomeHash: hash('the published outcome'),
      protocolHash: hash('the protocol'),
      items: Type.Array(ref(MethodReportItem), { description: 'Every item of ACCORD, in its order.' }),
      sources: Type.Array(
        Type.Object(
          {
            what: Type.String({ description: 'What is there.' }),
            path: Type.String({ description: 'Its address, from the root of this registry.' })
          },
          { ...closed, description: 'A part of what the report is made of.' }
        ),
        { description: 'Where to find what the report is made of.' }
      )
    },
    {
      ...closed,
      description: 'How an exercise was held, by the ACCORD guideline. It is filled from what is recorded, and says what is not.'
    }
  )
)
export type MethodReport = Static<typeof MethodReport>

export const METHOD_REPORT_SCHEMAS = [MethodReportItem, MethodReport]
