/** What the rules find, as gaps. A finding has the same id whenever and wherever it is made: a hash of rule, place, dimension and value. */
import domains from '../../db/catalogue/vocabularies/domain.json' with { type: 'json' }
import levels from '../../db/catalogue/vocabularies/level.json' with { type: 'json' }
import strategies from '../../db/catalogue/vocabularies/strategy.json' with { type: 'json' }
import { sha256 } from '../json/canonical.ts'
import type { Measure } from '../measures/measure.schema.ts'
import type { Gap, GapContent } from './gap.schema.ts'
import { absentGroup, CELLS } from './rules/cells.ts'
import type { Found, MeasureRule } from './rules/rule.ts'
import { GAP_RULES_VERSION, MEASURE_RULES } from './rules/rules.ts'
import { IN_WORDS } from './rules/stratification.ts'

/** A gap that a rule finds, before it is known since when. */
export interface Derived {
  readonly id: string
  /** In what it was found: `measure:pacic`, `cell:level=clinical&ready`. */
  readonly subject: string
  readonly content: GapContent
  readonly finding: Omit<NonNullable<Gap['finding']>, 'openedAt' | 'closedAt'>
}

export const subjectOfMeasure = (id: string) => `measure:${id}`
export const subjectOfCell = (cell: string) => `cell:${cell}`
export const subjectOfVote = (exercise: string) => `exercise:${exercise}`

const idOf = (...parts: readonly string[]) => `d-${sha256(parts.join('\n')).slice(0, 20)}`

/** Everything that the rules find in an active measure; nothing in others. */
export const findingsIn = (measure: Measure): Derived[] =>
  measure.status === 'active' ? MEASURE_RULES.flatMap((rule) => rule.find(measure).map((found) => derived(rule, measure, found))) : []

function derived(rule: MeasureRule, measure: Measure, found: Found): Derived {
  const { id, acronym, shortTitle, title, levels, settings, jurisdictions, strategies, domains } = measure
  const { dimension, value, certainty, focus, closesWith, remedy } = found
  const subject = subjectOfMeasure(id)
  return {
    id: idOf(rule.id, subject, dimension ?? '', value ?? ''),
    subject,
    content: {
      title: `${acronym ?? shortTitle ?? title}: ${found.title}`.slice(0, 500),
      statement: found.statement.slice(0, 10_000),
      kind: rule.kind,
      measures: [{ measure: id, role: 'caused-by' }],
      ...(dimension ? { populations: [{ dimension, ...(value && dimension === 'language' ? { value } : {}), focus }] } : {}),
      ...(levels ? { levels } : {}),
      ...(settings ? { settings } : {}),
      ...(found.jurisdictions ? { jurisdictions: [...found.jurisdictions] } : jurisdictions ? { jurisdictions } : {}),
      ...(strategies ? { strategies } : {}),
      ...(domains ? { domains } : {}),
      severity: { reach: 'unknown' },
      evidence: [{ kind: 'derived-from-catalogue', text: `${rule.question} ${rule.holds}`.slice(0, 5_000) }],
      remedies: [{ ...remedy, status: 'proposed' }]
    },
    finding: { rule: rule.id, rulesVersion: GAP_RULES_VERSION, certainty, closesWith }
  }
}

const LABELS = { domain: domains, level: levels, strategy: strategies }
const labelOf = (field: keyof typeof LABELS, code: string) =>
  LABELS[field].concepts.find((concept) => concept.code === code)?.labels.en ?? code

/** What an empty cell of the catalogue means. */
export function findingInCell(cell: string): Derived {
  const { rule, field, code, dimension } = CELLS.get(cell)!
  const subject = subjectOfCell(cell)
  const group = dimension && IN_WORDS[dimension]
  const fields = { domain: { domains: [code] }, level: { levels: [code] }, strategy: { strategies: [code] } }[field]
  const name = labelOf(field, code)
  const title = group ? `${name}: no measure tells anything by ${group}` : `${name}: no measure is ready`
  return {
    id: idOf(rule.id, subject, dimension ?? '', ''),
    subject,
    content: {
      title,
      statement: group
        ? `No active measure of the domain "${name}" is made for, split by or validated across ${group}. ${rule.closes}`
        : `No active measure of the ${field} "${name}" is ready to be used, not even with conditions. ${rule.closes}`,
      kind: rule.kind,
      ...(dimension ? { populations: [{ dimension, focus: 'missing' }] } : {}),
      ...(fields as object),
      severity: { reach: 'unknown' },
      evidence: [{ kind: 'derived-from-catalogue', text: `${rule.question} ${rule.holds}` }]
    },
    finding: { rule: rule.id, rulesVersion: GAP_RULES_VERSION, certainty: 'absent', closesWith: dimension ? 'stratifiers' : 'testing' }
  }
}

/** A published vote, as far as the rule on who decides needs it. */
export interface Vote {
  readonly exercise: string
  readonly title: string
  /** Required groups of whom nobody voted, or too few to be counted: their codes and what they are called. */
  readonly missing: readonly { readonly code: string; readonly name: string }[]
}

/** What it means that a required group had no part in a decision. */
export const findingsInVote = ({ exercise, title, missing }: Vote): Derived[] =>
  missing.map(({ code, name }) => ({
    id: idOf(absentGroup.id, subjectOfVote(exercise), code, ''),
    subject: subjectOfVote(exercise),
    content: {
      title: `${title.slice(0, 300)}: decided without ${name}`.slice(0, 500),
      statement: `The vote "${title}" required the group "${name}". Nobody of it voted, or too few to be counted. ${absentGroup.closes}`,
      kind: absentGroup.kind,
      severity: { reach: 'unknown' },
      evidence: [
        { kind: 'derived-from-catalogue', text: `${absentGroup.question} ${absentGroup.holds} /v1/exercises/${exercise}/missing-voices` }
      ],
      remedies: [{ family: 'address-causes', action: absentGroup.closes, status: 'proposed' }]
    },
    finding: { rule: absentGroup.id, rulesVersion: GAP_RULES_VERSION, certainty: 'absent', closesWith: 'groups' }
  }))
