/** Exercises while they are prepared: made, edited, and given items between rounds. Each runs in a unit of work that holds its lock. */
import type { Writer } from '../../db/store.ts'
import { refuseFaults } from '../gaps/keeping.ts'
import { problem } from '../http/problems.ts'
import { differences } from '../json/diff.ts'
import { type Act, firstFree } from '../measures/lifecycle.ts'
import { slugOf } from '../measures/measure.ts'
import { faultsInPlan } from './exercise.check.ts'
import { MAX_ITEMS } from './exercise.parts.ts'
import type { Exercise, NewExercise } from './exercise.schema.ts'
import { composeDraft, withItem } from './exercise.ts'
import { type ExerciseRow, findExercise, findPlan, insertExercise, updateExercise } from './exercises.queries.ts'
import { entry, exerciseToChange, keep } from './keeping.ts'
import { pinItems } from './pinning.ts'
import type { KnownGroups } from './protocol.ts'
import { countCodes } from './voting/electorate.queries.ts'

/** Makes a draft. Without an `id` the slug is made from the title. */
export async function prepareExercise(
  tx: Writer,
  act: Act,
  { id: wanted, ...plan }: NewExercise,
  known: KnownGroups
): Promise<ExerciseRow> {
  const isFree = async (id: string) => !(await findExercise(tx, id))
  const id = wanted ?? (await firstFree(slugOf(plan), isFree))
  if (wanted !== undefined && !(await isFree(wanted)))
    throw problem('id-taken', `The identifier "${wanted}" is in use.`, {
      errors: [{ pointer: '/id', detail: 'Choose another identifier.', nearest: await firstFree(wanted, isFree) }]
    })
  const draft = await draftOf(tx, plan, known, { id, createdAt: act.now, updatedAt: act.now })
  const row = await insertExercise(tx, draft, plan)
  tx.record(entry(act, id, { action: 'created' }))
  return row
}

/** Gives a draft new content: `patched` makes it of what there is. Groups that have codes stay. */
export async function editExercise(
  tx: Writer,
  act: Act,
  id: string,
  patched: (plan: NewExercise) => NewExercise,
  known: KnownGroups
): Promise<ExerciseRow> {
  const before = await exerciseToChange(tx, act, id)
  if (before.state !== 'draft')
    throw problem(
      'transition-not-allowed',
      'The protocol is frozen: voters have begun to answer it. Make it void and prepare another, if it is wrong.'
    )
  const plan = (await findPlan(tx, id))!
  const changed = patched(plan)
  const fields = differences(plan, changed)
  const draft = await draftOf(tx, changed, known, { id, createdAt: before.createdAt, updatedAt: act.now })
  await refuseLostGroups(tx, draft)
  if (fields.length === 0 && draft.protocolHash === before.protocolHash) return (await findExercise(tx, id))!
  const row = await updateExercise(tx, draft, changed)
  tx.record(entry(act, id, { action: 'updated', fields }))
  return row
}

async function draftOf(
  tx: Writer,
  plan: NewExercise,
  known: KnownGroups,
  made: Pick<Exercise, 'id' | 'createdAt' | 'updatedAt'>
): Promise<Exercise> {
  const { items, faults } = await pinItems(tx, plan.items, { language: plan.language })
  refuseFaults([...faultsInPlan(plan), ...faults])
  return composeDraft(plan, items, known, made)
}

async function refuseLostGroups(tx: Writer, { id, groups }: Exercise): Promise<void> {
  const codes = await countCodes(tx, id)
  const lost = codes.find(({ group }) => !groups.some(({ code }) => code === group))
  if (lost) throw problem('conflict', `${lost.n} codes were given to the group "${lost.group}": it has to stay.`)
}

/** Adds an item between rounds, where the protocol says that items may join. */
export async function joinItem(
  tx: Writer,
  act: Act,
  id: string,
  { item, reason }: { readonly item: NewExercise['items'][number]; readonly reason: string }
): Promise<ExerciseRow> {
  const exercise = await exerciseToChange(tx, act, id)
  if (exercise.state !== 'between-rounds') throw problem('transition-not-allowed', 'Items join between two rounds, not now.')
  if (!exercise.protocol.mayJoin) throw problem('transition-not-allowed', 'The protocol says that no items join (`mayJoin`).')
  if (exercise.items.length >= MAX_ITEMS) throw problem('conflict', `The exercise has ${MAX_ITEMS} items: no more fit on a ballot.`)
  const taken = exercise.items.map(({ id }) => id)
  const { items, faults } = await pinItems(tx, [item], { language: exercise.language, taken, pointerOf: () => '/item' })
  refuseFaults(faults)
  return keep(tx, act, withItem(exercise, items[0]!, reason, act.now), { action: 'item-joined', reason })
}
