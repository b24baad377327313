/** Readiness over the whole catalogue: an index of facts that follows the log of changes, and the answers worked out from it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from '../../db/store.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import { headOf, measuresChangedSince } from '../measures/measure.queries.ts'
import { Memory } from '../measures/memory.ts'
import { Numbers } from '../measures/postings.ts'
import type { Circumstances, Settlement } from './changes.ts'
import type { Asked, GateId } from './gate.ts'
import { type Effects, ReadinessIndex } from './readiness.index.ts'
import { findProfiles, listProfiles } from './readiness.queries.ts'
import { Standing } from './standing.ts'
import { type Unit, unitsOf } from './units.ts'

/** Documents per query: drawing the facts of one takes about a tenth of a millisecond. */
const BATCH = 100
/** Measures that change places at a time: taking one out costs about a millisecond in a large catalogue. */
const FOLLOW_BATCH = 10
/** Questions of gates, and contexts, whose answers are kept until the catalogue changes. */
const KEPT_EFFECTS = 200
const KEPT_STANDINGS = 50

export class Assessor {
  readonly index = new ReadinessIndex()
  readonly #store: Store
  readonly #catalogue: Catalogue
  readonly #effects = new Memory<Effects>(KEPT_EFFECTS)
  readonly #standings = new Memory<Standing>(KEPT_STANDINGS)
  #seq = -1
  #following: Promise<void> | undefined

  constructor(store: Store, catalogue: Catalogue) {
    this.#store = store
    this.#catalogue = catalogue
  }

  /** The number of the last change that the facts have seen. */
  get seq(): number {
    return this.#seq
  }

  /** Brings catalogue and facts to the same, latest state. Everybody who asks for readiness calls it first. */
  async level(): Promise<void> {
    for (;;) {
      await this.#catalogue.level()
      if (this.#seq === this.#catalogue.seq) return
      await (this.#following ??= this.#follow().finally(() => (this.#following = undefined)))
    }
  }

  async #follow(): Promise<void> {
    if (this.#seq < 0) return this.#load()
    const { head, ids } = await this.#store.read(async (db) => ({ head: await headOf(db), ids: await measuresChangedSince(db, this.#seq) }))
    for (let i = 0; i < ids.length; i += FOLLOW_BATCH) {
      const batch = ids.slice(i, i + FOLLOW_BATCH)
      this.index.replace(batch, await this.#store.read((db) => findProfiles(db, batch)))
      await nextTurn()
    }
    this.#seq = head
  }

  async #load(): Promise<void> {
    const head = await this.#store.read(headOf)
    // An earlier attempt may have ended with an error.
    this.index.clear()
    for (let after = 0; ; ) {
      const profiles = await this.#store.read((db) => listProfiles(db, after, BATCH))
      if (profiles.length === 0) break
      this.index.add(profiles)
      after = profiles.at(-1)!.no
      await nextTurn()
    }
    this.#seq = head
  }

  /** How the catalogue stands in a context. It has to be level. */
  standing(context: Asked): Standing {
    return this.#standings.recall(JSON.stringify(context), this.#seq, () => this.standingIn({ context, settled: [] }))
  }

  /** The same where some gates are settled for some measures. */
  standingIn({ context, settled }: Circumstances): Standing {
    const effects = unitsOf(context).map((unit) => this.#effectsIn(unit, settled))
    return new Standing(this.index.all(), effects)
  }

  /** The documents for which a gate is an obstacle. */
  obstacles({ context, settled }: Circumstances, id: GateId): Numbers {
    return unitsOf(context)
      .filter(({ gate }) => gate.id === id)
      .map((unit) => this.#effectsIn(unit, settled).byEffect)
      .reduce((sum, { blocks, immature, unknown }) => sum.union(blocks).union(immature).union(unknown), new Numbers())
  }

  #effectsIn(unit: Unit, settled: readonly Settlement[]): Effects {
    return settled
      .filter(({ gate }) => gate === unit.gate.id)
      .reduce((sofar, { where, isKnowledge }) => settle(sofar, this.#settled(unit, where), isKnowledge), this.#effectsOf(unit))
  }

  #settled({ gate }: Unit, where: Settlement['where']): Numbers {
    return 'owner' in where ? this.index.ownedBy(where.owner) : this.index.where(gate, where)
  }

  #effectsOf(unit: Unit): Effects {
    return this.#effects.recall(unit.key, this.#seq, () => this.index.effectsOf(unit))
  }
}

/** Where a gate is settled, what was an obstacle is a condition; where it is only known better, what was unknown. */
function settle({ byEffect, unverified }: Effects, settled: Numbers, isKnowledge = false): Effects {
  const { blocks, immature, unknown, condition } = byEffect
  const obstacles = isKnowledge ? unknown.clone() : blocks.new_union(immature).union(unknown)
  return {
    byEffect: {
      blocks: isKnowledge ? blocks : blocks.new_difference(settled),
      immature: isKnowledge ? immature : immature.new_difference(settled),
      unknown: unknown.new_difference(settled),
      condition: condition.new_union(obstacles.intersection(settled))
    },
    unverified
  }
}
