/** What gaps can be filtered and counted by: one table, from which the query schema, the stored codes and the facets are made. */
import type { ClosedVocabulary } from '../vocabularies/codes.ts'
import type { Gap } from './gap.schema.ts'

export interface GapFilter {
  /** The vocabulary of its codes; none where any text will do. */
  readonly vocabulary?: ClosedVocabulary | 'jurisdiction'
  readonly description: string
  readonly codes: (gap: Gap) => readonly (string | undefined)[]
}

const list = <T>(values: readonly T[] | undefined): readonly T[] => values ?? []
/** A part of a country is found by the whole as well. */
const withWhole = (codes: readonly string[]) => codes.flatMap((code) => (code.includes('-') ? [code, code.split('-')[0]!] : [code]))

export const GAP_FILTERS = {
  origin: { vocabulary: 'gap-origin', description: 'Recorded, derived or adopted.', codes: (g) => [g.origin] },
  status: { vocabulary: 'gap-status', description: 'Where it stands.', codes: (g) => [g.status] },
  kind: { vocabulary: 'gap-kind', description: 'What kind of gap it is.', codes: (g) => [g.kind] },
  severity: { vocabulary: 'gap-severity', description: 'How severe it is.', codes: (g) => [g.severityLevel] },
  certainty: {
    vocabulary: 'gap-certainty',
    description: 'Of findings: whether the record says that it is not there, or does not say.',
    codes: (g) => [g.finding?.certainty]
  },
  level: { vocabulary: 'level', description: 'Level of integration.', codes: (g) => list(g.levels) },
  setting: { vocabulary: 'setting', description: 'Where care is given.', codes: (g) => list(g.settings) },
  strategy: { vocabulary: 'strategy', description: 'Strategy that it concerns, 1 to 7.', codes: (g) => list(g.strategies) },
  domain: { vocabulary: 'domain', description: 'What it is about.', codes: (g) => list(g.domains) },
  jurisdiction: {
    vocabulary: 'jurisdiction',
    description: 'Where it was found; a country includes its parts.',
    codes: (g) => withWhole(list(g.jurisdictions))
  },
  population: {
    vocabulary: 'equity-dimension',
    description: 'Equity dimension of the people who are not seen.',
    codes: (g) => list(g.populations).map(({ dimension }) => dimension)
  },
  focus: { vocabulary: 'gap-focus', description: 'What happens to them.', codes: (g) => list(g.populations).map(({ focus }) => focus) },
  evidence: { vocabulary: 'gap-evidence', description: 'Kind of evidence.', codes: (g) => list(g.evidence).map(({ kind }) => kind) },
  remedy: { vocabulary: 'remedy-family', description: 'Family of a remedy.', codes: (g) => list(g.remedies).map(({ family }) => family) },
  group: { vocabulary: 'gap-group', description: 'Group of the one who reported it.', codes: (g) => [g.reportedBy?.group] },
  measure: { description: 'Identifier of a measure that it is about.', codes: (g) => list(g.measures).map(({ measure }) => measure) },
  rule: { description: 'The rule that found it, such as `R3`.', codes: (g) => [g.finding?.rule] }
} as const satisfies Record<string, GapFilter>

export type GapFilterName = keyof typeof GAP_FILTERS
export const GAP_FILTER_NAMES = Object.keys(GAP_FILTERS) as GapFilterName[]
export const gapFilterOf = (name: GapFilterName): GapFilter => GAP_FILTERS[name]
/** Everything with a list of codes can be counted. */
export const GAP_FACETS = GAP_FILTER_NAMES.filter((name) => gapFilterOf(name).vocabulary)

export type GapCodes = Partial<Record<GapFilterName, readonly string[]>>

export function codesOf(gap: Gap): GapCodes {
  const codes = GAP_FILTER_NAMES.map(
    (name) =>
      [
        name,
        [
          ...new Set(
            gapFilterOf(name)
              .codes(gap)
              .filter((code) => code !== undefined)
          )
        ]
      ] as const
  )
  return Object.fromEntries(codes.filter(([, values]) => values.length > 0))
}
