/**
 * Looks like one we have. CMS's harmonisation rule: the same numerator focus and the same denominator population make
 * two measures competing; one of the two the same makes them related. Beside it, the same identifier, or texts alike.
 * A finding is advice: it blocks nothing.
 */
import { fold, stemOf, tellingWordsOf, wordsOf } from '../search/terms.ts'
import type { Measure, MeasureContent, Similar } from './measure.schema.ts'

/** Texts at least this much alike are the same in other words; below it they share a subject. */
const ALIKE = 0.6
/** Titles this much alike say it by themselves. */
const SAME_TITLE = 0.85
/** Titles say most: they weigh as much as everything else. */
const TITLE_WEIGHT = 0.5

/** How a draft looks like the measures in `candidates`, the most alike first. */
export function similarTo(id: string, content: MeasureContent, candidates: readonly Measure[]): Similar[] {
  // Of a measure and the draft beside it the first one counts.
  const others = new Map(candidates.toReversed().map((candidate) => [candidate.id, candidate]))
  others.delete(id)
  const compare = comparerOf(content)
  return [...others.values()]
    .map(compare)
    .filter((finding) => finding !== undefined)
    .sort((a, b) => RANK[a.kind] - RANK[b.kind] || b.score - a.score || (a.measure < b.measure ? -1 : 1))
}

const RANK: Record<Similar['kind'], number> = { 'same-identifier': 0, competing: 1, 'similar-text': 2, related: 3 }

/** Compares one content with others; what is needed of it is made once. */
function comparerOf(content: MeasureContent): (candidate: Measure) => Similar | undefined {
  const likeness = likenessTo(content)
  const populations = populationsOf(content)
  const identifiers = new Map((content.identifiers ?? []).map((identifier) => [identifierKey(identifier), identifier]))

  return (candidate) => {
    const shared = candidate.identifiers
      ?.map((identifier) => identifiers.get(identifierKey(identifier)))
      .find((found) => found !== undefined)
    const theirs = populationsOf(candidate)
    const numerator = populations.numerator !== undefined && populations.numerator === theirs.numerator
    const denominator = populations.denominator !== undefined && populations.denominator === theirs.denominator
    const score = likeness(candidate)
    const finding = (kind: Similar['kind'], ...because: string[]): Similar => ({
      measure: candidate.id,
      title: candidate.title,
      kind,
      score,
      because
    })
    if (shared) return finding('same-identifier', `Both carry the identifier ${shared.system} ${shared.value}.`)
    if (numerator && denominator) return finding('competing', 'The numerator is the same.', 'The denominator population is the same.')
    if (score >= ALIKE) return finding('similar-text', `Title and description are alike (${Math.round(score * 100)} of 100).`)
    if (numerator) return finding('related', 'The numerator is the same.')
    return denominator ? finding('related', 'The denominator population is the same.') : undefined
  }
}

const identifierKey = ({ system, value }: { system: string; value: string }) => fold(`${system}|${value}`)

const populationsOf = ({ specification }: MeasureContent) => ({
  numerator: plain(specification?.numerator),
  denominator: plain(specification?.denominator)
})
const plain = (text: string | undefined) => text && wordsOf(text).join(' ')

/**
 * How alike two measures are in words, from 0 to 1: the shared part of the stems of title and of description. Titles of which one
 * holds the whole of the other are as good as the same, whatever their descriptions say.
 */
export const likeness = (a: MeasureContent, b: MeasureContent): number => likenessTo(a)(b)

function likenessTo(a: MeasureContent): (b: MeasureContent) => number {
  const title = stems(a.title, a.language)
  const description = a.description && stems(a.description, a.language)
  return (b) => {
    const other = stems(b.title, b.language)
    const titles = Math.max(overlap(title, other), containment(title, other))
    if (titles >= SAME_TITLE || !description || !b.description) return round(titles)
    return round(TITLE_WEIGHT * titles + (1 - TITLE_WEIGHT) * overlap(description, stems(b.description, b.language)))
  }
}

const stems = (text: string, language = 'en') => new Set(tellingWordsOf(text).map((word) => stemOf(word, language) ?? word))

/** Jaccard index. */
function overlap(a: Set<string>, b: Set<string>): number {
  const both = a.intersection(b).size
  return both === 0 ? 0 : both / (a.size + b.size - both)
}

/** Two words are too few to be contained in another title by more than chance. */
const FEWEST_CONTAINED = 3

/** The part of the smaller set that the larger holds, a little less than the same. */
function containment(a: Set<string>, b: Set<string>): number {
  const smaller = Math.min(a.size, b.size)
  return smaller < FEWEST_CONTAINED ? 0 : (0.9 * a.intersection(b).size) / smaller
}

const round = (score: number) => Math.round(score * 100) / 100
