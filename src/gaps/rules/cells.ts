/** R11, R12 and R13: what no measure tells, for a whole part of the catalogue. */
import type { Measure } from '../../measures/measure.schema.ts'
import { CORE, type EquityDimension, servedDimensions } from '../../measures/served.ts'
import { asked, readinessOf } from '../../readiness/readiness.ts'
import { CODES } from '../../vocabularies/codes.ts'
import type { RuleText } from './rule.ts'

export const emptyCell: RuleText = {
  id: 'R11',
  kind: 'no-measure',
  question: 'Is there a measure of each domain that tells something of each group?',
  holds: 'Of a domain of care no active measure is made for, split by, or validated across one of the core dimensions.',
  closes: 'Publish a measure of the domain that is, or record the split that one has.',
  source: 'PROGRESS-Plus; the gap map of this registry'
}

export const noneReady: RuleText = {
  id: 'R12',
  kind: 'level-imbalance',
  question: 'Is there a measure that can be put to use for each level and each strategy?',
  holds: 'For a level or a strategy no active measure is ready, now or with conditions, where nothing is asked of the context.',
  closes: 'Make a measure of it ready: test it, or settle what is allowed.',
  source: 'Rainbow Model (Valentijn 2013); seven strategies (Calamos and Thomas 2021)'
}

export const absentGroup: RuleText = {
  id: 'R13',
  kind: 'who-decides',
  question: 'Did every group that has to take part in a vote take part?',
  holds: 'A published vote lacks a group that its protocol requires.',
  closes: 'Invite the group, and vote again.',
  source: 'COMET handbook; James Lind Alliance guidebook'
}

type Axis = {
  readonly rule: RuleText
  readonly field: 'domain' | 'level' | 'strategy'
  readonly code: string
  readonly dimension?: EquityDimension
}

export const servedCell = (domain: string, dimension: string) => `domain=${domain}&served=${dimension}`
const readyCell = (field: 'level' | 'strategy', code: string) => `${field}=${code}&ready`

/** Domains of those who care and of their organisations: their measures tell nothing of groups of people, and need not. */
const OF_ORGANISATIONS: ReadonlySet<string> = new Set(['workforce', 'team-working', 'governance-funding', 'data-sharing'])

/** Every cell that a rule looks at, by its name. */
export const CELLS: ReadonlyMap<string, Axis> = new Map<string, Axis>([
  ...CODES.domain
    .filter((code) => !OF_ORGANISATIONS.has(code))
    .flatMap((code) =>
      CORE.map(([dimension]): [string, Axis] => [
        servedCell(code, dimension!),
        { rule: emptyCell, field: 'domain', code, dimension: dimension! }
      ])
    ),
  ...(['level', 'strategy'] as const).flatMap((field) =>
    CODES[field].map((code): [string, Axis] => [readyCell(field, code), { rule: noneReady, field, code }])
  )
])

/** The cells that a measure fills; none if it is not active. The day matters to nothing but the freshness of its steward, which is advice. */
export function cellsOf(measure: Measure): string[] {
  if (measure.status !== 'active') return []
  const served = new Set(servedDimensions(measure))
  const dimensions = CORE.filter((group) => group.some((dimension) => served.has(dimension))).map(([first]) => first!)
  const { verdict } = readinessOf(measure, asked({}, measure.updatedAt.slice(0, 10)))
  const isReady = verdict === 'ready-now' || verdict === 'ready-with-conditions'
  return [
    ...(measure.domains ?? [])
      .flatMap((domain) => dimensions.map((dimension) => servedCell(domain, dimension)))
      .filter((cell) => CELLS.has(cell)),
    ...(isReady
      ? [
          ...(measure.levels ?? []).map((code) => readyCell('level', code)),
          ...(measure.strategies ?? []).map((code) => readyCell('strategy', code))
        ]
      : [])
  ]
}
