/**
 * The catalogue as the gates see it: for each gate the distinct facts that decide, and the documents that have them. A question is
 * judged once for each combination of facts that occurs, by the same pure function that judges a single measure, and its answer is
 * a set of documents. Why: docs/decisions/0009-readiness.md.
 */
import type { Measure } from '../measures/measure.schema.ts'
import { Numbers, Postings } from '../measures/postings.ts'
import { ownerOf } from './gates/rights.ts'
import { factsOf, GATES, judge } from './rules.ts'
import type { Unit } from './units.ts'
import { basisOfFindings, type Effect, effectOf, worstOf } from './verdict.ts'

/** What is told of a document: for each gate, in their order, what decides, as JSON. */
export interface Profile {
  readonly no: number
  readonly measureId: string
  readonly owner: string | undefined
  readonly facts: readonly { readonly common: string; readonly entries: readonly (readonly [key: string, entry: string])[] }[]
}

export const profileOf = (no: number, measure: Measure): Profile => ({
  no,
  measureId: measure.id,
  owner: ownerOf(measure),
  facts: factsOf(measure).map(({ common, entries }) => ({
    common: JSON.stringify(common),
    entries: Object.entries(entries).map(([key, entry]) => [key, JSON.stringify(entry)] as const)
  }))
})

/** What a question does to the documents: those without an entry it leaves alone. */
export interface Effects {
  readonly byEffect: Readonly<Record<Exclude<Effect, 'none'>, Numbers>>
  /** Those for which something unverified was read. */
  readonly unverified: Numbers
}

/** More intersections of sets than this cost more than a look at each document. */
const MAX_INTERSECTIONS = 2_000

/** Facts of one gate: the documents by what decides always, and by each entry. */
class GateFacts {
  /** What stands in the JSON, parsed once; what occurs no more is little, and stays. */
  readonly #parsed = new Map<string, unknown>()
  readonly common = new Postings()
  readonly entries = new Map<string, Postings>()

  add(no: number, { common, entries }: Profile['facts'][number]): void {
    this.common.add(common, no)
    for (const [key, entry] of entries) {
      let postings = this.entries.get(key)
      if (!postings) this.entries.set(key, (postings = new Postings()))
      postings.add(entry, no)
    }
  }

  remove(no: number): void {
    for (const postings of [this.common, ...this.entries.values()])
      for (const json of postings.codes()) if (postings.has(json, no)) postings.remove(json, no)
  }

  /** The combinations that occur of what decides always and of the entries of some keys, each with its documents. */
  groups(keys: readonly string[]): Group[] {
    let groups: Group[] = this.common
      .codes()
      .map((json) => ({ common: this.parsed(json), entries: {}, documents: this.common.numbers(json) }))
    for (const key of new Set(keys)) {
      const postings = this.entries.get(key)
      if (!postings) continue
      const isFew = groups.length * postings.codes().length <= MAX_INTERSECTIONS
      groups = isFew ? groups.flatMap((group) => this.#split(group, key, postings)) : this.#splitByDocument(groups, key, postings)
    }
    return groups
  }

  /** The same where nearly every document has an entry of its own: then documents are looked at, not combinations of sets. */
  #splitByDocument(groups: readonly Group[], key: string, postings: Postings): Group[] {
    const groupOf = new Map<number, number>()
    for (const [i, { documents }] of groups.entries()) for (const no of numbersOf(documents)) groupOf.set(no, i)
    const parts = new Map<string, Group & { readonly documents: number[] }>()
    for (const json of postings.codes())
      for (const no of postings.numbers(json).array()) {
        const i = groupOf.get(no)
        if (i === undefined) continue
        groupOf.delete(no)
        const name = `${i} ${json}`
        const part = parts.get(name)
        if (part) part.documents.push(no)
        else parts.set(name, { ...groups[i]!, entries: { ...groups[i]!.entries, [key]: this.parsed(json) }, documents: [no] })
      }
    const rest = Map.groupBy(groupOf, ([, i]) => i)
    return [...parts.values(), ...[...rest].map(([i, left]) => ({ ...groups[i]!, documents: left.map(([no]) => no) }))]
  }

  /** A group by the entries of a key: those without one stay as they are. */
  #split(group: Group, key: string, postings: Postings): Group[] {
    const all = group.documents instanceof Numbers ? group.documents : new Numbers(group.documents)
    const rest = all.clone()
    const parts = postings.codes().flatMap((json) => {
      const documents = postings.numbers(json).intersection(all)
      if (documents.isEmpty()) return []
      rest.difference(documents)
      return [{ ...group, entries: { ...group.entries, [key]: this.parsed(json) }, documents }]
    })
    return rest.isEmpty() ? parts : [...parts, { ...group, documents: rest }]
  }

  parsed(json: string): unknown {
    let value = this.#parsed.get(json)
    if (value === undefined) this.#parsed.set(json, (value = JSON.parse(json)))
    return value
  }
}

interface Group {
  readonly common: unknown
  readonly entries: Readonly<Record<string, unknown>>
  /** As bits while they are many together; one by one where hardly two have the same facts. */
  readonly documents: Numbers | number[]
}

const numbersOf = (documents: Group['documents']): number[] => (documents instanceof Numbers ? documents.array() : documents)

function addAll(set: Numbers, documents: Group['documents']): void {
  if (documents instanceof Numbers) set.union(documents)
  else for (const no of documents) set.add(no)
}

export class ReadinessIndex {
  readonly #byMeasure = new Map<string, Set<number>>()
  readonly #owners = new Map<number, string>()
  readonly #all = new Numbers()
  #gates = GATES.map(() => new GateFacts())

  add(profiles: readonly Profile[]): void {
    for (const { no, measureId, owner, facts } of profiles) {
      this.#all.add(no)
      if (owner !== undefined) this.#owners.set(no, owner)
      const siblings = this.#byMeasure.get(measureId)
      if (siblings) siblings.add(no)
      else this.#byMeasure.set(measureId, new Set([no]))
      for (const [i, each] of facts.entries()) this.#gates[i]!.add(no, each)
    }
  }

  /** Puts the present documents of some measures in place of those they had. */
  replace(measureIds: readonly string[], profiles: readonly Profile[]): void {
    for (const id of measureIds) {
      for (const no of this.#byMeasure.get(id) ?? []) this.#remove(no)
      this.#byMeasure.delete(id)
    }
    this.add(profiles)
  }

  clear(): void {
    this.#byMeasure.clear()
    this.#owners.clear()
    this.#all.clear()
    this.#gates = GATES.map(() => new GateFacts())
  }

  all(): Numbers {
    return this.#all.clone()
  }

  /** Whom to ask about the rights in a document. */
  ownerOf(no: number): string | undefined {
    return this.#owners.get(no)
  }

  ownedBy(owner: string): Numbers {
    return new Numbers([...this.#owners].flatMap(([no, each]) => (each === owner ? [no] : [])))
  }

  /** The documents for which something holds of what decides in a gate, whatever is asked. */
  where(gate: Unit['gate'], holds: (common: unknown) => boolean): Numbers {
    const gateFacts = this.#gates[GATES.indexOf(gate)]!
    const { common } = gateFacts
    const found = new Numbers()
    for (const json of common.codes()) if (holds(gateFacts.parsed(json))) common.addTo(found, json)
    return found
  }

  /** What a question does to every document. */
  effectsOf({ gate, context }: Unit): Effects {
    const byEffect = { blocks: new Numbers(), immature: new Numbers(), unknown: new Numbers(), condition: new Numbers() }
    const unverified = new Numbers()
    for (const { common, entries, documents } of this.#gates[GATES.indexOf(gate)]!.groups(gate.keys(context))) {
      const findings = judge(gate, { common, entries, told: gate.silent }, context)
      const effect = worstOf(findings.map(effectOf))
      if (effect !== 'none') addAll(byEffect[effect], documents)
      if (basisOfFindings(findings) === 'unverified') addAll(unverified, documents)
    }
    return { byEffect, unverified }
  }

  #remove(no: number): void {
    this.#all.remove(no)
    this.#owners.delete(no)
    for (const gate of this.#gates) gate.remove(no)
  }
}
