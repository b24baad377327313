/**
 * What voters take home of a published exercise: one page in plain words. It is told from what the outcome shows and from nothing else; groups
 * that are shown together are named together, and who is withheld stays so. Pure.
 */
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { Finding } from '../missing/findings.ts'
import { finalRound, type Outcome } from '../outcome/outcome.ts'
import { shortened } from './shortened.ts'
import { agreedOf, countedOf, firstOf } from './summary.decided.ts'
import { incompleteOf, missingOf, tookPartOf } from './summary.people.ts'
import { SummaryWords } from './summary.words.ts'

/** Names, and a sentence on how many more there are. */
export interface Named {
  readonly names: readonly string[]
  readonly more?: string
}

/** What is said of somebody, or of everybody where nobody is named. Names come with their colon. */
export interface Said {
  readonly who?: string
  readonly what: string
}

export interface Block {
  readonly heading: string
  readonly sentences: readonly string[]
}

export interface Table {
  readonly columns: readonly string[]
  /** The first cell of a row names what the row is about. */
  readonly rows: readonly (readonly string[])[]
  readonly more?: string
}

export interface Summary {
  readonly language: LabelLanguage
  readonly title: string
  readonly question: string
  readonly published: string
  /** Only where required groups are missing, or too few voted. */
  readonly incomplete?: Block & { readonly todo: string; readonly invite: readonly Said[]; readonly more?: string }
  readonly tookPart: Block & { readonly table?: Table }
  readonly first: Block & { readonly table?: Table }
  readonly agreed: Block & { readonly lists: readonly (Named & { readonly heading: string })[] }
  readonly missing: Block & { readonly said: readonly Said[]; readonly more?: string }
  readonly counted: Block
  readonly receipt: Block & { readonly address: string; readonly meaning: string }
  readonly rest: { readonly heading: string; readonly links: readonly { readonly what: string; readonly address: string }[] }
}

const LONGEST = { title: 100, question: 200 } as const

export interface SummaryDeps {
  readonly vocabularies: Vocabularies
  /** The root of the registry, without a slash at the end. */
  readonly publicUrl: string
}

export function summaryOf(outcome: Outcome, language: LabelLanguage, { vocabularies, publicUrl }: SummaryDeps): Summary {
  const { exercise, publishedAt } = outcome
  const words = new SummaryWords(language, exercise, vocabularies)
  const { headings } = words
  const { round } = finalRound(outcome)
  const named = (name: string) => words.say('named', { name })
  const address = `${publicUrl}/v1/exercises/${exercise.id}`
  const incomplete = incompleteOf(outcome, words)
  const told = new Set<Finding>(incomplete?.findings)
  return {
    language,
    title: shortened(exercise.title, LONGEST.title),
    question: shortened(exercise.question, LONGEST.question),
    published: words.say('published', { date: words.day(publishedAt) }),
    ...(incomplete ? { incomplete: incomplete.block } : {}),
    tookPart: tookPartOf(outcome, words),
    first: firstOf(outcome, words),
    agreed: agreedOf(outcome, words),
    missing: missingOf(outcome, words, told),
    counted: countedOf(outcome, words),
    receipt: {
      heading: headings.receipt,
      sentences: [words.say('receipt.look')],
      address: `${address}/receipts?round=${round}`,
      meaning: words.say('receipt.meaning')
    },
    rest: {
      heading: headings.rest,
      links: [
        { what: named(words.say('rest.results')), address: `${address}/results` },
        { what: named(words.say('rest.table')), address: `${address}/results?format=csv` },
        { what: named(words.say('rest.missing')), address: `${address}/missing-voices` },
        { what: named(words.say('rest.method')), address: `${address}/method-report?format=md` }
      ]
    }
  }
}
