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
import type { Candidate, Format } from './candidate.ts'
import { type Merged, mergeImported } from './merge.ts'
import { type Note, shown } from './note.ts'
import type { Outcome } from './outcomes.ts'
import { type Bringing, withProvenance } from './provenance.ts'
import { compareReleases } from './releases.ts'

/** What the registry holds of a measure that a record may be of. */
export interface Present {
  readonly id: string
  readonly retirement?: { readonly successor?: string } | undefined
  /** Whether it was retired because the import that had published it was taken back. */
  readonly isReverted?: boolean
  readonly published?: { readonly content: MeasureContent } | undefined
  /** The draft, and who brought it in, if it is still as an import left it. */
  readonly draft?: { readonly content: MeasureContent; readonly broughtBy: string | null } | undefined
  /** The imported record that the draft, or else the published version, was made from. */
  readonly source?:
    | {
        readonly format: Format
        readonly hash: string
        readonly release: string | null
        readonly releaseDate: string | null
        readonly content: Partial<MeasureContent>
      }
    | undefined
  /** Whether the same record came in before the one that it is made from now: sent again, an older file is no news. */
  readonly isSuperseded?: boolean
  /** Whether an import has brought it once: after its draft was thrown away the same record may take its place again. */
  readonly wasImported: boolean
}

export interface PlanOptions {
  /** Publish what is complete. */
  readonly publish: boolean
  readonly actorId: string
  readonly bringing: Bringing
  /** Whether the registry has a measure of this identifier. */
  readonly isRegistered: (id: string) => boolean
  /** What is wrong with a content, after it was put together of what was there and what the file says. */
  readonly check: (content: MeasureContent) => Note[]
}

/**
 * What is to be done: nothing, a draft, or a version, of the measure `id` or of a new one. `rebase` changes nothing that anybody sees:
 * the record says what is there already, and is remembered as what the file said last.
 */
export interface Plan {
  readonly outcome: Outcome
  readonly step: 'none' | 'rebase' | 'draft' | 'publish'
  readonly id?: string
  /** Whether the registry has given the identifier already. */
  readonly isRegistered: boolean
  readonly content?: MeasureContent
  /** What the file says, with where it says so: the base of the next comparison. */
  readonly theirs?: Partial<MeasureContent>
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
  const names = new Set([...(identity.id === undefined ? [] : [identity.id]), ...matches.map(({ id }) => id)])
  if (names.size > 1) {
    return [
      {
        code: 'ambiguous',
        field: 'identifiers',
        detail: `What it is called belongs to ${names.size} measures: ${[...names].join(', ')}.`,
        mend: 'Say which it is in `id`, and leave out identifiers of others.'
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
  const plan = {
    ...(id === undefined ? {} : { id }),
    isRegistered: present !== undefined,
    content,
    theirs: content,
    lacks: fieldsOf(obstacles),
    errors: []
  }
  if (!options.publish) return { ...plan, outcome: 'created', step: 'draft', warnings: candidate.warnings }
  return obstacles.length === 0
    ? { ...plan, outcome: 'created', step: 'publish', impact: 'major', warnings: candidate.warnings }
    : { ...plan, outcome: 'draft-only', step: 'draft', warnings: [...candidate.warnings, ...lacking(obstacles)] }
}

function planChange(candidate: Candidate, theirs: Partial<MeasureContent>, present: Present, options: PlanOptions): Plan {
  const { id, source, draft, published } = present
  const ours = (draft ?? published)!.content
  const isSame = source?.hash === candidate.hash
  const plan = (rest: Pick<Plan, 'outcome' | 'step' | 'warnings'> & Partial<Plan>): Plan => ({
    id,
    isRegistered: true,
    lacks: fieldsOf(obstaclesTo(rest.content ?? ours, options.isRegistered)),
    errors: [],
    ...rest
  })
  const { warnings } = candidate
  if (!isSame && source && isOlder(candidate, source))
    return plan({ outcome: 'unchanged', step: 'none', warnings: [...warnings, olderRelease(candidate, source.release)] })
  if (present.isSuperseded) return plan({ outcome: 'unchanged', step: 'none', warnings: [...warnings, superseded] })

  const merged = isSame ? undefined : mergeImported(source?.content, theirs, ours, coverageOf(candidate, source?.format))
  const content = merged?.content ?? ours
  const isNews = merged !== undefined && (candidate.isKept || !sameFacts(ours, content))
  const errors = isNews ? options.check(content) : []
  if (errors.length > 0) return plan({ outcome: 'rejected', step: 'none', errors, warnings })

  // A draft that waits is published by who brought it and asks for it, also where the file brings nothing new.
  const mayPublish = options.publish && (!draft || draft.broughtBy === options.actorId)
  const obstacles = obstaclesTo(content, options.isRegistered)
  if (mayPublish && obstacles.length === 0 && (isNews || draft)) {
    const impact = impactOf(published?.content, content)
    return plan({ outcome: 'updated', step: 'publish', content, theirs, impact, warnings: [...warnings, ...notesOn(merged)] })
  }
  if (!isNews) {
    const base = withProvenanceOf(theirs, source?.content)
    return plan({ outcome: 'unchanged', step: isSame ? 'none' : 'rebase', theirs: base, warnings })
  }
  const why = !options.publish ? [] : mayPublish ? lacking(obstacles) : [draftOfOthers]
  const outcome = options.publish ? 'draft-only' : 'updated'
  return plan({ outcome, step: 'draft', content, theirs, warnings: [...warnings, ...notesOn(merged), ...why] })
}

/** What a record stands for: FHIR for the whole measure, a sheet for its columns, our own JSON for the fields that it has. */
function coverageOf({ format, covers }: Candidate, before: Format | undefined): (path: string) => boolean {
  const isSheet = (each: Format | undefined) => each === 'csv' || each === 'xlsx'
  if (format !== before && !(isSheet(format) && isSheet(before))) return (path) => path === 'provenance'
  const fields = covers && [...covers, 'provenance']
  return (path) => !fields || fields.some((field) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`))
}

/** Nothing goes into the measure, so what it says of the former import stays in it, and is to be replaced by the next. */
function withProvenanceOf(
  { provenance: _, ...facts }: Partial<MeasureContent>,
  former: Partial<MeasureContent> = {}
): Partial<MeasureContent> {
  return former.provenance ? { ...facts, provenance: former.provenance } : facts
}

const notesOn = (merged: Merged | undefined): Note[] => [
  ...(merged?.overwritten ?? []).map(editedSince),
  ...(merged?.removed ?? []).map(removedNote)
]

/** The same but for where the facts are said to come from, which differs from day to day, and for what is said of the version. */
function sameFacts(a: MeasureContent, b: MeasureContent): boolean {
  const facts = ({ provenance: _, changeNote: __, ...rest }: Partial<MeasureContent>) => contentOf(rest)
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
  detail: 'Not published: a draft of this measure is open that people have written. What the file says went into it.',
  mend: 'Look at the draft, and publish it.'
}

const editedSince = (field: string): Note => ({
  code: 'edited-since',
  field,
  detail: 'The file replaces what people wrote here; the history of the measure keeps it.',
  mend: 'Compare the draft with the former version before it is published.'
})

const removedNote = (field: string): Note => ({
  code: 'removed',
  field,
  detail: 'The file had this the last time, and has it no more: it was taken out. The history of the measure keeps it.'
})

const superseded: Note = {
  code: 'older-release',
  detail: 'This record came in before, and a later one has taken its place; it was not taken again.',
  mend: 'Take the later import back, or edit the draft, if this one is right.'
}

const olderRelease = ({ identity }: Candidate, present: string | null): Note => ({
  code: 'older-release',
  ...(identity.release ? { found: shown(identity.release) } : {}),
  ...(present ? { expected: `later than ${present}` } : {}),
  detail: 'The registry holds a later release of this measure; this one was not taken.',
  mend: 'Edit the draft of the measure if the older release is the right one.'
})
