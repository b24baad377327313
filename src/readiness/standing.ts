/** How a whole catalogue stands in a context: sets of documents by verdict, and what stands in their way. */
import { Numbers } from '../measures/postings.ts'
import type { Effects } from './readiness.index.ts'
import type { Verdict } from './verdict.ts'

export class Standing {
  readonly byVerdict: Readonly<Record<Verdict, Numbers>>
  /** Those whose verdict rests on something unverified. */
  readonly unverified: Numbers
  readonly #effects: readonly Effects[]

  constructor(all: Numbers, effects: readonly Effects[]) {
    this.#effects = effects
    const sum = (of: keyof Effects['byEffect']) => effects.reduce((sum, { byEffect }) => sum.union(byEffect[of]), new Numbers())
    const blocked = sum('blocks')
    const immature = sum('immature').difference(blocked)
    const unknown = sum('unknown').difference(blocked).difference(immature)
    const notReady = blocked.new_union(immature).union(unknown)
    const condition = sum('condition').difference(notReady)
    this.byVerdict = {
      'ready-now': all.new_difference(notReady).difference(condition),
      'ready-with-conditions': condition,
      'ready-for-trial': immature,
      'cannot-tell': unknown,
      'not-ready': blocked
    }
    this.unverified = effects.reduce((sum, each) => sum.union(each.unverified), new Numbers())
  }

  /** Ready now, or with conditions. */
  ready(): Numbers {
    return this.byVerdict['ready-now'].new_union(this.byVerdict['ready-with-conditions'])
  }

  verdictOf(no: number): Verdict {
    const found = (Object.keys(this.byVerdict) as Verdict[]).find((verdict) => this.byVerdict[verdict].has(no))
    if (!found) throw new Error(`Document ${no} has no verdict`)
    return found
  }

  /** Those that have one obstacle and no more. */
  oneObstacle(): Numbers {
    const one = new Numbers()
    const more = new Numbers()
    for (const obstacles of this.#obstacles()) {
      more.union(obstacles.new_intersection(one))
      one.union(obstacles)
    }
    return one.difference(more)
  }

  /** Those that have two obstacles and no more. */
  twoObstacles(): Numbers {
    const [one, two, more] = [new Numbers(), new Numbers(), new Numbers()]
    for (const obstacles of this.#obstacles()) {
      more.union(obstacles.new_intersection(two))
      two.union(obstacles.new_intersection(one))
      one.union(obstacles)
    }
    return two.difference(more)
  }

  /** How many obstacles there are among some documents, each counted for each document. */
  obstaclesAmong(among: Numbers): number {
    return this.#obstacles().reduce((sum, obstacles) => sum + obstacles.intersection_size(among), 0)
  }

  #obstacles(): Numbers[] {
    return this.#effects.map(({ byEffect }) => byEffect.blocks.new_union(byEffect.immature).union(byEffect.unknown))
  }
}
