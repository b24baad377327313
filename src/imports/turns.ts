import { setImmediate as nextTurn } from 'node:timers/promises'

const TURN_MS = 5
let turnBegan = 0

/** Gives way to requests that wait: the embedded database answers at once, so that long work would keep the process to itself. */
export async function letOthers(): Promise<void> {
  if (performance.now() - turnBegan < TURN_MS) return
  await nextTurn()
  turnBegan = performance.now()
}
