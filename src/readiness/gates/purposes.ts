import type { Asked } from '../gate.ts'

const STRICT: ReadonlySet<Asked['purpose']> = new Set(['public-reporting', 'payment'])

/** Purposes by which somebody is judged or paid: there half of the evidence is not enough. */
export const isStrict = (purpose: Asked['purpose']): boolean => STRICT.has(purpose)
