/** The stakeholder groups that the registry knows by itself. */
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import type { KnownGroups } from './protocol.ts'
import { DEFAULT_KIN } from './small-numbers/partition.ts'

export const knownGroups = (vocabularies: Vocabularies): KnownGroups => {
  const labels = new Map(vocabularies.get('gap-group')!.concepts.map(({ code, labels }) => [code as string, labels]))
  return { labelOf: (code) => labels.get(code), kin: DEFAULT_KIN }
}
