/** Answers as text for people: short paragraphs of whole sentences, made of the same reasons as the JSON. */
import type { Measure } from '../measures/measure.schema.ts'
import { inLanguage } from '../measures/translations.ts'
import type { Reports } from './answer.ts'
import type { ContextField, ReadinessContext } from './context.schema.ts'
import type { Asked } from './gate.ts'
import { merged } from './merging.ts'
import type { Readiness } from './readiness.ts'
import { type Named, named, type Reason, reason, type SentenceKey } from './reason.ts'
import { RULES_VERSION } from './rules.ts'
import type { Wording } from './sentences.ts'
import { effectOf, type Verdict } from './verdict.ts'

/** Verdicts that can be good for some and not for others. */
const PARTIAL: ReadonlySet<Verdict> = new Set(['ready-now', 'ready-with-conditions'])

/** A measure and its verdict, in some five lines. */
export function tell(measure: Measure, readiness: Readiness, reports: Reports, wording: Wording): string {
  const { title, acronym } = inLanguage(measure, wording.language).measure
  const open = readiness.findings.filter((finding) => effectOf(finding) !== 'none')
  // What blocks comes first; where something blocks, conditions are not what matters.
  const blocking = open.filter((finding) => effectOf(finding) !== 'condition')
  const told = blocking.length > 0 ? blocking : open
  // A time is promised only where everything that has to be done has one.
  const days = told.every((finding) => finding.days !== undefined) ? Math.max(0, ...told.map((finding) => finding.days!)) : 0
  const already = new Set(told.flatMap(({ because }) => because).map((each) => JSON.stringify(each)))
  const notFor = readiness.notReadyFor.flatMap(({ because }) => because).filter((each) => !already.has(JSON.stringify(each)))
  const lines = [
    acronym ? `${title} (${acronym})` : title,
    wording.say(verdictReason(readiness)),
    paragraph(
      wording,
      'text.because',
      'reasons',
      told.flatMap(({ because }) => because)
    ),
    paragraph(
      wording,
      'text.to-do',
      'steps',
      told.flatMap(({ closesWith }) => closesWith)
    ),
    days > 0 ? wording.say(reason('text.days', { days })) : '',
    paragraph(wording, 'text.not-for', 'reasons', notFor),
    wording.say(reason('text.maturity', { maturity: named('maturity', measure.readiness.maturity) })),
    reports.implemented + reports.modified + reports.abandoned > 0 ? wording.say(reason('text.reports', { ...reports })) : '',
    wording.say(reason(`text.${readiness.basis}`))
  ]
  return lines.filter((line) => line !== '').join('\n')
}

/** The first sentence: ready or not, and for whom not. */
export function verdictReason({ verdict, notReadyFor }: Pick<Readiness, 'verdict' | 'notReadyFor'>): Reason {
  const known = notReadyFor.filter(({ certainty }) => certainty === 'known')
  if (!PARTIAL.has(verdict) || known.length === 0) return reason(`verdict.${verdict}`)
  const partial = verdict as 'ready-now' | 'ready-with-conditions'
  const languages = known.flatMap((people) => ('language' in people ? [people.language] : []))
  return languages.length > 0
    ? reason(`verdict.${partial}.languages`, { languages: named('language', ...languages) })
    : reason(`verdict.${partial}.some`)
}

function paragraph(wording: Wording, key: SentenceKey, place: string, reasons: readonly Reason[]): string {
  return reasons.length === 0 ? '' : wording.say(reason(key, { [place]: wording.sayAll(merged(reasons)) }))
}

const VOCABULARIES = {
  jurisdiction: 'jurisdiction',
  setting: 'setting',
  forPopulation: 'population',
  forCondition: 'condition',
  data: 'data-source',
  language: 'language',
  stratifier: 'equity-dimension'
} as const satisfies Partial<Record<ContextField, Named['of']>>

/** What was asked, as a sentence. */
export function tellContext(context: Asked, wording: Wording): string {
  const { asOf, ...rest } = context
  const parts = (Object.keys(rest) as Exclude<ContextField, 'asOf'>[]).map((field) => wording.say(partReason(field, rest)))
  const stated = Object.keys(rest).length > 1
  return [
    stated ? wording.say(reason('text.context', { parts: `${wording.join(parts)}.` })) : wording.say(reason('text.context.nothing')),
    wording.say(reason('text.rules', { version: RULES_VERSION, day: wording.day(asOf) }))
  ].join(' ')
}

function partReason(field: Exclude<ContextField, 'asOf'>, context: ReadinessContext): Reason {
  switch (field) {
    case 'dataElement':
      return reason('context.dataElement', { codes: context.dataElement!.join(', ') })
    case 'budget':
      return context.budget!.amount === 0 ? reason('context.no-budget') : reason('context.budget', { amount: context.budget! })
    case 'purpose':
      return reason('context.purpose', { codes: named('use-purpose', context.purpose!) })
    case 'populationSize':
      return reason('context.populationSize', { size: context.populationSize! })
    case 'minutes':
      return reason('context.minutes', { minutes: context.minutes! })
    case 'horizonDays':
      return reason('context.horizonDays', { days: context.horizonDays! })
    default:
      return reason(`context.${field}`, { codes: named(VOCABULARIES[field], ...context[field]!) })
  }
}

/** How many there are of each verdict. */
export const tellCounts = (counts: Readonly<Record<Verdict, number>>, wording: Wording): string =>
  wording.say(
    reason('text.counts', {
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      now: counts['ready-now'],
      conditions: counts['ready-with-conditions'],
      trial: counts['ready-for-trial'],
      unknown: counts['cannot-tell'],
      not: counts['not-ready']
    })
  )
