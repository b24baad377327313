/** Measures that are put into the catalogue as they are, also such as nobody could publish. */
import { REGISTRY } from '../../src/catalogue/starter.ts'
import { lockOfMeasure, publishContent } from '../../src/measures/lifecycle.ts'
import { insertMeasureRow } from '../../src/measures/measure.queries.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import type { GateId, Outcome } from '../../src/readiness/gate.ts'
import { PUBLIC_URL, type Registry, type Response } from '../registry.ts'

export interface GateAnswer {
  readonly gate: GateId
  readonly outcome: Outcome
  readonly blocks: boolean
  readonly because: string
  readonly closesWith?: string
  readonly days?: number
  readonly basis?: string
  /** What it is about. */
  readonly [more: string]: unknown
}
export interface ReadinessAnswer {
  readonly measure: { readonly id: string; readonly title: string }
  readonly verdict: string
  readonly basis: string
  readonly maturity: string
  readonly gates: readonly GateAnswer[]
  readonly notReadyFor: readonly { readonly because: string; readonly [more: string]: unknown }[]
}

/** A whole sentence, or several, in which nothing was left to be filled in. */
export const SENTENCE = /^[\p{Lu}\d](?!.*(undefined|null|\[object))[^{}]*\.$/u

/** Fields in place of others; what is undefined is taken away. */
export type Patch = { readonly [F in keyof MeasureContent]?: MeasureContent[F] | undefined }

/** A measure that every gate lets through, wherever it is asked for what it says. */
const READY: MeasureContent = {
  title: 'A measure',
  description: 'Whether people with diabetes feel supported.',
  types: ['patient-reported-outcome'],
  scoring: 'continuous-variable',
  direction: 'increase',
  specification: { measurePopulation: 'Everybody who answers.' },
  instrument: { name: 'A questionnaire', minutes: 10 },
  levels: ['clinical'],
  domains: ['care-coordination'],
  settings: ['primary-care'],
  populations: ['adults'],
  conditions: ['diabetes'],
  jurisdictions: ['NL'],
  stratifiers: [{ dimension: 'age', availability: 'available' }],
  dataSources: [{ kind: 'survey' }],
  languages: [{ code: 'en', validation: 'original' }],
  licence: { permission: 'none', fee: 'free' },
  testing: { reliability: 'positive', validity: 'positive' },
  use: [{ organisation: 'A region', jurisdiction: 'NL', lastConfirmed: '2026-01', purpose: 'improvement' }],
  development: { steward: 'A steward' }
}

/** That measure with other fields. Where its facts come from was seen, of all that it has, unless it says otherwise. */
export function ready(patch: Patch = {}): MeasureContent {
  const content = Object.fromEntries(Object.entries({ ...READY, ...patch }).filter(([, value]) => value !== undefined))
  const fields = Object.keys(content).filter((field) => field !== 'title' && field !== 'provenance')
  return { provenance: [{ fields, status: 'seen' }], ...content } as MeasureContent
}

/** Publishes measures by their identifiers, one after the other. */
export async function putMeasures({ store, context }: Registry, measures: Readonly<Record<string, MeasureContent>>): Promise<void> {
  const all = Object.entries(measures)
  await store.write(['catalogue', ...all.map(([id]) => lockOfMeasure(id))], async (tx) => {
    for (const [id, content] of all) {
      const now = context.clock.now().toISOString()
      await insertMeasureRow(tx, { id, createdAt: now, createdBy: REGISTRY.name })
      await publishContent(tx, { actor: REGISTRY, now, publicUrl: PUBLIC_URL }, id, content, { impact: 'major', createdAt: now })
    }
  })
}

/** Retires a published measure. */
export async function retire({ send }: Registry, id: string): Promise<Response> {
  const headers = { 'if-match': '*' }
  const answer = await send('POST', `/v1/measures/${id}/retire`, { as: 'reviewer', body: { reason: 'Out of date.' }, headers })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer
}

/** A measure for each row of a table, named after the table and the place of the row. */
export const byRow = (name: string, rows: readonly (readonly [Patch, ...unknown[]])[]): Record<string, MeasureContent> =>
  Object.fromEntries(rows.map(([patch], i) => [`${name}-${i}`, ready(patch)]))

/** Asks of one measure whether it is ready. */
export const readerOf =
  ({ send }: Registry) =>
  async (id: string, query: string): Promise<ReadinessAnswer> => {
    const answer = await send('GET', `/v1/measures/${id}/readiness?${query}`)
    if (answer.statusCode !== 200) throw new Error(`${id} ${query}: ${answer.body}`)
    return answer.json()
  }
