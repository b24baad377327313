/**
 * What to do with a record, decided from the record and from what the registry holds of its measure, and from nothing else: a dry
 * run and a commit ask the same function.
 */
import { canonicalJson } from '../json/canonical.ts'
import { differences } from '../json/diff.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import { contentOf } from '../measures/measure.ts'
import { type Obstacle, obstaclesTo } from '../measures/publishing.ts'
import type { Code } from '../vocabularies/codes.ts'
import type { Candidate } from './candidate.ts'
import { mergeImported } from './merge.ts'
import { type Note, shown } from './note.ts'
import { type Bringing, withProvenance } from './provenance.ts'
import { compareReleases } from './releases.ts'

/** What the registry holds of a measure that a record may be of. */
export interface Present {
  readonly id: string
  readonly retirement?: { readonly successor?: string } | undefined
  readonly published?: { readonly content: MeasureContent } | undefined
  readonly draft?: { readonly content: MeasureContent; readonly authorId: string | null } | undefined
  /** The imported record that the draft, or else the published version, was made from. */
  readonly source?:
    | {
        readonly hash: string
        readonly release: string | null
        readonly releaseDate: string | null
        readonly content: Partial<MeasureContent>
      }
    | undefined
  /** It was imported once, and its draft thrown away since: the same record may take its place again. */
  readonly wasImported: boolean
}

export interface PlanOptions {
  /** Publish what is complete. */
  readonly publish: boolean
  readonly actorId: string
  readonly bringing: Bringing
  /** Whether the registry has a measure of this identifier. */
  readonly isRegistered: (id: string) => boolean
}

export type Outcome = 'created' | 'updated' | 'unchanged' | 'draft-only' | 'rejected'

/** What is to be done: nothing, a draft, or a version; of the measure `id`, or of a new one where there is none. */
export interface Plan {
  readonly outcome: Outcome
  readonly step: 'none' | 'draft' | 'publish'
  readonly id?: string
  /** Whether the registry has given the identifier already. */
  readonly isRegistered: boolean
  readonly content?: MeasureContent
  readonly impact?: Code<'impact'>
  /** Fields without which it cannot be published. */
  readonly lacks: readonly string[]
  readonly errors: readonly Note[]
  readonly warnings: readonly Note[]
}

/** `matches` are the measures that carry the record's identifier: none, the one, or too many. */
export function planRow(candidate: Candidate, matches: readonly Present[], options: PlanOptions): Plan {
  const errors = [...candidate.errors, ...(candidate.errors.length > 0 ? [] : objections(candidate, matches))]
  if (errors.length > 0) return { outcome: 'rejected', step: 'none', isRegistered: false, lacks: [], errors, warnings: candidate.warnings }
  const [present] = matches
  const content = withProvenance(candidate.content, candidate.classified, candidate.at, options.bringing, candidate.identity.url)
  return present?.draft || present?.published
    ? planChange(candidate, content, present, options)
    : planCreation(candidate, content as MeasureContent, present, options)
}

/** Why a record cannot go in whatever it holds. */
function objections({ identity }: Candidate, matches: readonly Present[]): Note[] {
  if (matches.length > 1) {
    const ids = matches.map(({ id }) => id).join(', ')
    return [
      {
        code: 'ambiguous',
        field: 'identifiers',
        detail: `Its identifiers belong to ${matches.length} measures: ${ids}.`,
        mend: 'Say which it is in `id`, or correct the identifiers.'
      }
    ]
  }
  const [present] = matches
  if (!present) return []
  if (present.retirement) {
    const { successor } = present.retirement
    return [
      {
        code: 'retired',
        found: present.id,
        detail: `The measure "${present.id}" is retired.`,
        mend: successor ? `Its successor is "${successor}".` : 'Give the record an `id` of its own if it is another measure.'
      }
    ]
  }
  if (present.draft || present.published || present.wasImported) return []
  return [
    {
      code: 'id-taken',
      field: 'id',
      ...(identity.id ? { found: shown(identity.id) } : {}),
      detail: 'The identifier was in use once: identifiers are never used twice.',
      mend: 'Choose another, or leave it out.'
    }
  ]
}

function planCreation(candidate: Candidate, content: MeasureContent, present: Present | undefined, options: PlanOptions): Plan {
  const obstacles = obstaclesTo(content, options.isRegistered)
  const id = present?.id ?? candidate.identity.id
  const plan = { ...(id === undefined ? {} : { id }), isRegistered: present !== undefined, content, lacks: fieldsOf(obstacles), errors: [] }
  if (!options.publish) return { ...plan, outcome: 'created', step: 'draft', warnings: candidate.warnings }
  return obstacles.length === 0
    ? { ...plan, outcome: 'created', step: 'publish', impact: 'major', warnings: candidate.warnings }
    : { ...plan, outcome: 'draft-only', step: 'draft', warnings: [...candidate.warnings, ...lacking(obstacles)] }
}

function planChange(candidate: Candidate, theirs: Partial<MeasureContent>, present: Present, options: PlanOptions): Plan {
  const { id, source, draft, published } = present
  const ours = (draft ?? published)!.content
  const isSame = source?.hash === candidate.hash
  const unchanged = (content: MeasureContent, ...notes: Note[]): Plan => ({
    outcome: 'unchanged',
    step: 'none',
    id,
    isRegistered: true,
    lacks: fieldsOf(obstaclesTo(content, options.isRegistered)),
    errors: [],
    warnings: [...candidate.warnings, ...notes]
  })
  if (!isSame && source && isOlder(candidate, source)) return unchanged(ours, olderRelease(candidate, source.release))
  const { content, overwritten } = isSame ? { content: ours, overwritten: [] } : mergeImported(source?.content, theirs, ours)
  const isNews = !isSame && (candidate.isKept || !sameFacts(ours, content))
  // A draft that waits is published by who may and asks for it, also where the file brings nothing new.
  const mayPublish = options.publish && (!draft || draft.authorId === options.actorId)
  const obstacles = obstaclesTo(content, options.isRegistered)
  const warnings = [...candidate.warnings, ...overwritten.map(editedSince)]
  const plan = { id, isRegistered: true, content, lacks: fieldsOf(obstacles), errors: [] }
  if (mayPublish && obstacles.length === 0 && (isNews || draft))
    return { ...plan, outcome: 'updated', step: 'publish', impact: impactOf(published?.content, content), warnings }
  if (!isNews) return unchanged(ours)
  if (!options.publish) return { ...plan, outcome: 'updated', step: 'draft', warnings }
  const why = mayPublish ? lacking(obstacles) : [draftOfOthers]
  return { ...plan, outcome: 'draft-only', step: 'draft', warnings: [...warnings, ...why] }
}

/** The same but for where the facts are said to come from, which differs from day to day. */
function sameFacts(a: MeasureContent, b: MeasureContent): boolean {
  const facts = ({ provenance: _, ...rest }: Partial<MeasureContent>) => contentOf(rest)
  return differences(facts(a), facts(b)).length === 0
}

const isOlder = ({ identity }: Candidate, { release, releaseDate }: NonNullable<Present['source']>) =>
  compareReleases(identity, { ...(release ? { release } : {}), ...(releaseDate ? { date: releaseDate } : {}) }) < 0

/** Results before and after cannot be compared where what is counted has changed. */
function impactOf(before: MeasureContent | undefined, after: MeasureContent): Code<'impact'> {
  const counted = ({ scoring, direction, specification, instrument }: MeasureContent) =>
    canonicalJson({ scoring, direction, specification, instrument })
  return before && counted(before) !== counted(after) ? 'major' : 'minor'
}

const fieldOf = ({ pointer }: Obstacle) => pointer.slice(1).replaceAll('/', '.')
const fieldsOf = (obstacles: readonly Obstacle[]) => obstacles.map(fieldOf)

const lacking = (obstacles: readonly Obstacle[]): Note[] =>
  obstacles.map((obstacle) => ({
    code: 'draft-only',
    field: fieldOf(obstacle),
    detail: `Not published: ${obstacle.detail}`,
    mend: 'Complete the record and send it again, or complete the draft.'
  }))

const draftOfOthers: Note = {
  code: 'draft-of-others',
  detail: 'Not published: somebody else has opened a draft of this measure. What the file says went into it.',
  mend: 'Agree with them, and publish the draft.'
}

const editedSince = (field: string): Note => ({
  code: 'edited-since',
  field,
  detail: 'The file replaces what people wrote here; the history of the measure keeps it.',
  mend: 'Compare the draft with the former version before it is published.'
})

const olderRelease = ({ identity }: Candidate, present: string | null): Note => ({
  code: 'older-release',
  ...(identity.release ? { found: shown(identity.release) } : {}),
  ...(present ? { expected: `later than ${present}` } : {}),
  detail: 'The registry holds a later release of this measure; this one was not taken.',
  mend: 'Edit the draft of the measure if the older release is the right one.'
})
