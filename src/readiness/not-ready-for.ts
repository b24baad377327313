/** For whom a measure is not ready: by language, by whom its denominator leaves out, by what cannot be seen of them. */
import type { Measure } from '../measures/measure.schema.ts'
import type { Asked } from './gate.ts'
import { asksPeople } from './gates/asking.ts'
import { notCovered } from './gates/covers.ts'
import { bestByDimension } from './gates/stratifiable.ts'
import { officialLanguagesOf } from './official-languages.ts'
import { named, type Reason, reason } from './reason.ts'
import type { GateFinding } from './rules.ts'

/** People for whom it is not ready. Unknown is told apart from known: poor records must not look like unfairness. */
export type NotReadyFor = ({ readonly language: string } | { readonly dimension: string } | { readonly population: string }) & {
  readonly certainty: 'known' | 'unknown'
  readonly because: readonly Reason[]
}

/** A gap that is open and severe, as far as readiness tells of it. */
export interface OpenGap {
  readonly title: string
  readonly populations?: readonly { readonly dimension: string }[]
  /** Where a rule found it: whether the record says so, or does not say. */
  readonly finding?: { readonly certainty: 'absent' | 'unknown' }
}

export const notReadyFor = (
  measure: Measure,
  context: Asked,
  findings: readonly GateFinding[],
  gaps: readonly OpenGap[] = []
): NotReadyFor[] => [
  ...askedFor(findings),
  ...officialLanguages(measure, context),
  ...leftOut(measure),
  ...unseen(measure, context),
  ...unserved(measure, context),
  ...reported(gaps)
]

/** Languages and dimensions that were asked for, and that a gate does not let through. */
function askedFor(findings: readonly GateFinding[]): NotReadyFor[] {
  return findings.flatMap(({ outcome, about, because }) => {
    if ((outcome !== 'fail' && outcome !== 'unknown') || !about || 'jurisdiction' in about || 'aspect' in about) return []
    return [{ ...about, certainty: outcome === 'fail' ? 'known' : 'unknown', because }] as const
  })
}

/** Languages that the asker did not name, and that are official where they want to use it: told, and not held against the measure. */
function officialLanguages(measure: Measure, { jurisdiction = [], language = [] }: Asked): NotReadyFor[] {
  const versions = (measure.languages ?? []).map(({ code }) => primary(code))
  if (asksPeople(measure) !== true || versions.length === 0) return []
  const known = new Set([...versions, ...language.map(primary)])
  return jurisdiction.flatMap((place) =>
    officialLanguagesOf(place)
      .filter((official) => !known.has(primary(official)))
      .map((official) => {
        known.add(primary(official))
        const values = { language: named('language', official), jurisdiction: named('jurisdiction', place) }
        return { language: official, certainty: 'known' as const, because: [reason('for.language', values)] }
      })
  )
}

const primary = (tag: string) => tag.split('-', 1)[0]!

const leftOut = ({ excludes = [] }: Measure): NotReadyFor[] =>
  excludes.map(({ dimension, note }) => ({
    dimension,
    certainty: 'known',
    because: [reason('for.excluded', { dimension: named('equity-dimension', dimension), note: asSentence(note) })]
  }))

/** Notes of records end as people left them. */
const asSentence = (note: string) => (/[.!?…]$/.test(note.trim()) ? note.trim() : `${note.trim()}.`)

/** Splits that are known not to be had, and were not asked for: those that were are told already. */
const unseen = ({ stratifiers = [] }: Measure, { stratifier: asked = [] }: Asked): NotReadyFor[] =>
  Object.entries(bestByDimension(stratifiers))
    .filter(([dimension, availability]) => availability === 'unavailable' && !asked.some((each) => each === dimension))
    .map(([dimension]) => ({
      dimension,
      certainty: 'known',
      because: [reason('for.unavailable', { dimension: named('equity-dimension', dimension) })]
    }))

/** People whom somebody reported not to be seen, where that is open and severe. */
const reported = (gaps: readonly OpenGap[]): NotReadyFor[] =>
  gaps.flatMap(({ title, populations = [], finding }) =>
    [...new Set(populations.map(({ dimension }) => dimension))].map((dimension) => ({
      dimension,
      certainty: finding?.certainty === 'unknown' ? ('unknown' as const) : ('known' as const),
      because: [reason('for.gap', { title })]
    }))
  )

const unserved = ({ populations = [] }: Measure, { forPopulation: asked = [] }: Asked): NotReadyFor[] =>
  populations.length === 0
    ? []
    : notCovered(populations, asked).map((population) => ({
        population,
        certainty: 'known',
        because: [reason('for.population', { population: named('population', population) })]
      }))
