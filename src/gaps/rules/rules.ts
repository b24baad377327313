/** The rules of gaps in force. A change in what any of them finds makes a new version, and the findings are made again. */
import { absentGroup, emptyCell, noneReady } from './cells.ts'
import { hardToRead, untestedVersion, withoutVersion } from './languages.ts'
import { barrier, withoutLivedExperience } from './making.ts'
import { digitalOnly, excluded, selfReportOnly } from './reach.ts'
import type { MeasureRule, RuleText } from './rule.ts'
import { adjustedAway, unavailableStratifier, withoutStratifier } from './stratification.ts'

export const GAP_RULES_VERSION = '1.0.0'

export const MEASURE_RULES: readonly MeasureRule[] = [
  withoutStratifier,
  unavailableStratifier,
  withoutVersion,
  untestedVersion,
  excluded,
  digitalOnly,
  selfReportOnly,
  barrier,
  withoutLivedExperience,
  adjustedAway,
  hardToRead
]

/** All of them, in the order of their numbers. */
export const RULES: readonly RuleText[] = [...MEASURE_RULES, emptyCell, noneReady, absentGroup].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1))
)
