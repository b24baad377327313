/** Lists that others publish, and how they are read. A list that is added here needs its file below, and nothing else. */
import cmsQpp2022 from './lists/cms-qpp-2022.json' with { type: 'json' }
import cmsQpp2025 from './lists/cms-qpp-2025.json' with { type: 'json' }
import fingertips from './lists/fingertips.json' with { type: 'json' }
import openprescribing from './lists/openprescribing.json' with { type: 'json' }
import type { ColumnMapping } from './mapping.ts'

/** A list by the names of its columns. What its texts say is not in it. */
export interface KnownList {
  readonly name: string
  readonly title: string
  /** Where it is published, and on what terms. */
  readonly source: string
  readonly licence: string
  /** Objects leave out members that they do not need; a sheet has all of its columns, or they are gone. */
  readonly records: 'objects' | 'rows'
  /** Headings that no other list has all of. */
  readonly recognisedBy: readonly string[]
  readonly mapping: ColumnMapping
  /** What holds for every record though none says it. */
  readonly constants: readonly { readonly field: string; readonly value: string }[]
}

export const KNOWN_LISTS = [cmsQpp2022, cmsQpp2025, fingertips, openprescribing] as readonly unknown[] as readonly KnownList[]
