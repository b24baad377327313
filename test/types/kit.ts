/** Compile-time tests: this file must type-check, and every `@ts-expect-error` must be a real error. It is never run. */
import { eq } from '../../db/drizzle.ts'
import type { pgKit, sqliteKit } from '../../db/kit.ts'
import type { Reader, Writer } from '../../db/store.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(_?: T) => {}

// The two kits have the same words ...
yes<Equal<keyof typeof sqliteKit, keyof typeof pgKit>>()
// ... and every word gives the same JavaScript type.
type Data<B> = B extends { _: { $type: infer T } } ? T : B extends { _: { data: infer D } } ? D : never
type Of<K, W extends keyof K> = K[W] extends (...args: never[]) => infer B ? Data<B> : never
yes<Equal<Of<typeof sqliteKit, 'text'>, Of<typeof pgKit, 'text'>>>()
yes<Equal<Of<typeof sqliteKit, 'int'>, Of<typeof pgKit, 'int'>>>()
yes<Equal<Of<typeof sqliteKit, 'serialKey'>, Of<typeof pgKit, 'serialKey'>>>()
yes<Equal<Of<typeof sqliteKit, 'instant'>, Of<typeof pgKit, 'instant'>>>()

export async function uses(db: Reader, tx: Writer): Promise<void> {
  const { keys, measures } = db.t
  const rows = await db.select({ id: keys.id, role: keys.role }).from(keys).where(eq(keys.role, 'admin'))
  yes<Equal<typeof rows, { id: string; role: 'contributor' | 'reviewer' | 'organiser' | 'admin' }[]>>()

  // @ts-expect-error a reader cannot write
  db.insert(measures)
  // @ts-expect-error nor delete
  db.delete(measures)
  // @ts-expect-error nor add to the log
  db.record({})
  // @ts-expect-error nobody opens a transaction behind our back
  tx.transaction(async () => {})
  // @ts-expect-error no such column
  void measures.colour
  // @ts-expect-error not one of the roles
  await tx.update(keys).set({ role: 'emperor' })
  // @ts-expect-error required columns are missing
  await tx.insert(measures).values({ id: 'x' })
}
