/** A changed specification, written back: populations keep their criteria, groups their expressions and extensions. */
import { canonicalJson } from '../json/canonical.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import { wordsOf } from './concept.ts'
import { at, isObject, placeAt, rootOf } from './place.ts'
import { POPULATIONS, populationKey } from './reading.populations.ts'
import { described, originsOf, type Rewriting, rewriteConcept, rewriteList } from './rewriting.ts'
import {
  groupElement,
  groupsIn,
  type Populations,
  populationElement,
  riskFactorElement,
  stratifierElement,
  subjectElements,
  typeOfSubject,
  unitExtension
} from './writing.elements.ts'

/** Groups are matched by what they say, then by their titles; where as many are left, by their order. */
export function rewriteGroups(rewriting: Rewriting): void {
  const { edits } = rewriting
  const before = groupsIn(rewriting.was.specification)
  const after = groupsIn(rewriting.now.specification)
  const partners = matched(before, after)
  after.forEach((group, i) => {
    const partner = partners[i]
    const isNew = partner === undefined || originsOf(rewriting, `groups ${partner}`).length === 0
    if (!isNew) rewriteGroup(rewriting, partner, before[partner]!, group)
    else if (Object.keys(group).length > 0) edits.append('/group', groupElement(group))
  })
  before.forEach((_, i) => {
    if (!partners.includes(i)) for (const origin of originsOf(rewriting, `groups ${i}`)) edits.remove(origin)
  })
}

function matched(before: readonly Populations[], after: readonly Populations[]): (number | undefined)[] {
  const partners: (number | undefined)[] = after.map(() => undefined)
  const pair = (fits: (old: Populations, group: Populations, isSamePlace: boolean) => boolean) =>
    after.forEach((group, i) => {
      if (partners[i] !== undefined) return
      const found = before.findIndex((old, j) => !partners.includes(j) && fits(old, group, i === j))
      if (found >= 0) partners[i] = found
    })
  pair((old, group) => canonicalJson(old) === canonicalJson(group))
  pair((old, group) => old['title'] !== undefined && old['title'] === group['title'])
  if (before.length === after.length) {
    pair((_old, _group, isSamePlace) => isSamePlace)
    pair(() => true)
  }
  return partners
}

function rewriteGroup(rewriting: Rewriting, index: number, before: Populations, after: Populations): void {
  const { edits } = rewriting
  const [pointer] = originsOf(rewriting, `groups ${index}`)
  if (before['title'] !== after['title'] && after['title'] !== undefined) rewriteGroupTitle(rewriting, pointer!, after['title'])
  for (const { to } of POPULATIONS.entries) {
    const text = after[to!]
    if (before[to!] === text) continue
    const origins = originsOf(rewriting, populationKey(index, to!))
    if (origins.length === 0 && text !== undefined) edits.append(`${pointer}/population`, populationElement(to!, text))
    for (const origin of origins) {
      if (text === undefined) edits.remove(origin)
      // Of several populations of a kind one text was made: each gets it, and reading them makes one of it again.
      else edits.change(origin, (old) => described(old, text))
    }
  }
}

/** The title of a group was its code in words, or else its description. */
function rewriteGroupTitle({ edits, kept }: Rewriting, pointer: string, title: string): void {
  const group = placeAt(rootOf(kept), pointer)
  edits.set(wordsOf(at(group, 'code')) === undefined ? `${pointer}/description` : `${pointer}/code/text`, title)
}

export function rewriteSpecification(rewriting: Rewriting): void {
  const { edits, was, now } = rewriting
  const [before, after] = [was.specification ?? {}, now.specification ?? {}]
  if (before.subject !== after.subject && after.subject !== undefined) rewriteSubject(rewriting, after.subject)
  if (before.unit !== after.unit) {
    const concept = after.unit === undefined ? undefined : { text: after.unit }
    const origins = originsOf(rewriting, 'specification.unit')
    if (origins.length === 0 && after.unit !== undefined) edits.append('/extension', unitExtension(after.unit))
    else rewriteConcept(rewriting, 'specification.unit', '', concept)
  }
  rewriteList(rewriting, {
    was: before.riskAdjustment,
    now: after.riskAdjustment,
    list: '/supplementalData',
    key: (factor) => `specification.riskAdjustment ${factor}`,
    element: riskFactorElement,
    change: (old, factor) => (isObject(old) ? described(old, factor) : factor)
  })
}

/** A population basis changes only for another resource type: words have no place there. */
function rewriteSubject(rewriting: Rewriting, subject: string): void {
  const { edits } = rewriting
  const { extension, subjectCodeableConcept } = subjectElements(subject)
  const origins = originsOf(rewriting, 'specification.subject')
  for (const origin of origins) {
    if (origin.endsWith('CodeableConcept')) edits.set(origin, subjectCodeableConcept ?? { text: subject })
    else if (origin.endsWith('subjectReference')) edits.set(origin, { display: subject })
    else edits.change(origin, (old) => typeOfSubject(subject) ?? old)
  }
  if (origins.length > 0) return
  if (extension) edits.append('/extension', extension)
  if (subjectCodeableConcept) edits.set('/subjectCodeableConcept', subjectCodeableConcept)
}

/** Splits that are new are added, splits that are gone taken away. Supplemental data stay: they are collected all the same. */
export function rewriteStratifiers(rewriting: Rewriting): void {
  const { edits, was, now } = rewriting
  const dimensions = (list: MeasureContent['stratifiers']) => new Set((list ?? []).map(({ dimension }) => dimension))
  const [before, after] = [dimensions(was.stratifiers), dimensions(now.stratifiers)]
  for (const dimension of before.difference(after))
    for (const origin of originsOf(rewriting, `stratifiers ${dimension}`)) if (origin.includes('/stratifier')) edits.remove(origin)
  const [group] = originsOf(rewriting, 'groups 0')
  const fresh = (now.stratifiers ?? []).filter(({ dimension, availability }) => availability === 'available' && !before.has(dimension))
  if (group !== undefined) for (const stratifier of fresh) edits.append(`${group}/stratifier`, stratifierElement(stratifier))
}
