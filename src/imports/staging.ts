/**
 * From a file to candidates: read, understood and checked, one record at a time. Knows nothing of what the registry holds, so that
 * it can run beside the server.
 */
import { measureFromFhir } from '../fhir/reading.ts'
import { canonicalJson, sha256 } from '../json/canonical.ts'
import { unstorableIn } from '../json/storable.ts'
import { identifierKey, URI_SYSTEM } from '../measures/identifiers.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import type { Candidate, Format, Interpreted, RawRecord } from './candidate.ts'
import { identityErrors, placed, recordChecker } from './checking.ts'
import { COMMENT } from './comment.ts'
import { MEDIA_TYPES } from './media-types.ts'
import type { Note } from './note.ts'
import { readCsv } from './reading/csv.ts'
import { readJson } from './reading/json.ts'
import { columnLetters, type Sheet } from './reading/sheet.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import { readXlsx } from './reading/xlsx.ts'
import { type ColumnMapping, cellsOfObject, readMapping, targetOf } from './sheets/mapping.ts'
import { measureFromOwn } from './sheets/own-json.ts'
import { type Proposal, proposeMapping } from './sheets/proposal.ts'
import { isComment, measureFromRow } from './sheets/row.ts'
import { UnusableMapping } from './unusable-mapping.ts'

/** More records than this are for several files: one unit of work holds them all. */
export const MAX_RECORDS = 20_000

/** A file on its way in. */
export interface StagingRequest {
  readonly path: string
  /** Media type without parameters, and the charset where the sender stated one. */
  readonly mediaType: string
  readonly charset?: string | undefined
  /** Column mapping as it was sent; the registry proposes one where there is none. */
  readonly mapping?: unknown
}

/** What is to say of a file as a whole. */
export interface FileFacts {
  readonly format: Format
  /** Headings of a sheet, in its order. */
  readonly columns?: readonly string[]
  /** Which field each column went into, and those that no field takes. */
  readonly mapping?: ColumnMapping
  readonly recognised?: string
  readonly unmapped?: readonly string[]
}

/** Reads a file record by record; throws `UnreadableFile` where it cannot be read on. */
export async function* stageFile(request: StagingRequest, vocabularies: Vocabularies): AsyncGenerator<Candidate, FileFacts> {
  const stage = candidateMaker(vocabularies)
  let ordinal = 0
  const next = (
    record: RawRecord,
    format: Format,
    interpreted: Interpreted,
    { isKept, covers, mapping }: Pick<Understood, 'isKept' | 'covers' | 'mapping'>
  ): Candidate => {
    if (ordinal === MAX_RECORDS) throw new UnreadableFile('file-too-large', `The file holds more than ${MAX_RECORDS} records: split it.`)
    return stage({ ordinal: ordinal++, record, format, interpreted, isKept, covers, mapping })
  }
  const reading = MEDIA_TYPES[request.mediaType]
  if (reading === 'csv' || reading === 'xlsx') {
    const sheet = withDistinctHeadings(
      await (reading === 'csv' ? readCsv(request.path, { charset: request.charset }) : readXlsx(request.path))
    )
    const table = tableOf(
      sheet.header.filter((heading) => heading !== COMMENT),
      request.mapping
    )
    for await (const record of recordsOf(sheet))
      yield next(record, reading, measureFromRow(record.value as Record<string, unknown>, table.mapping, vocabularies), {
        isKept: table.unmapped.length > 0,
        covers: fieldsOf(table.mapping),
        mapping: table.mapping
      })
    return { format: reading, columns: sheet.header.filter((heading) => heading !== '' && heading !== COMMENT), ...shownTable(table) }
  }
  let table: Proposal | undefined
  let format: Format = request.mediaType.startsWith('application/fhir') ? 'fhir' : 'json'
  for await (const raw of readJson(request.path, { lines: reading === 'ndjson' })) {
    const record = { ...raw, value: withoutComment(raw.value) }
    if (format === 'fhir' || isResource(record.value)) {
      format = 'fhir'
      yield next(record, 'fhir', measureFromFhir(record.value, vocabularies), { isKept: true })
      continue
    }
    const cells = cellsOfObject(record.value)
    if (ordinal === 0) table = foreignTable(cells, request.mapping)
    yield table
      ? next(record, 'json', measureFromRow(cells, table.mapping, vocabularies), {
          isKept: true,
          covers: fieldsOf(table.mapping),
          mapping: table.mapping
        })
      : next(record, 'json', measureFromOwn(record.value, vocabularies), { isKept: false, covers: [] })
  }
  return { format, ...(table ? shownTable(table) : {}) }
}

/** A record without the comment that an earlier report put into it. */
function withoutComment(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(COMMENT in value)) return value
  const { [COMMENT]: _, ...rest } = value
  return rest
}

const isResource = (value: unknown) => typeof value === 'object' && value !== null && 'resourceType' in value

const shownTable = ({ mapping, recognised, unmapped }: Proposal) => ({ mapping, ...(recognised ? { recognised } : {}), unmapped })

/** The columns of a sheet and their fields: as they were sent, or as they are proposed. A sheet without titles holds no measures. */
function tableOf(header: readonly string[], given: unknown): Proposal {
  if (given === undefined) {
    const proposal = proposeMapping(header)
    if (!hasTitle(proposal.mapping)) throw withoutTitle(header)
    return proposal
  }
  const read = readMapping(given, header)
  if ('errors' in read) throw new UnusableMapping(read.errors[0]!.detail, read.errors)
  if (!hasTitle(read.mapping)) throw withoutTitle(header)
  return { mapping: read.mapping, unmapped: header.filter((heading) => heading !== '' && !Object.hasOwn(read.mapping, heading)) }
}

/** The fields that the columns of a mapping go into. */
const fieldsOf = (mapping: ColumnMapping) => [
  ...new Set(Object.values(mapping).flatMap((target) => (target === null ? [] : [targetOf(target).field])))
]

/** Which column each field comes from; of several the first. */
const columnsOf = (mapping: ColumnMapping = {}) =>
  new Map(
    Object.entries(mapping)
      .flatMap(([heading, target]) => (target === null ? [] : [[targetOf(target).field, heading] as const]))
      .reverse()
  )

const hasTitle = (mapping: ColumnMapping) => Object.values(mapping).some((target) => target !== null && targetOf(target).field === 'title')

const withoutTitle = (header: readonly string[]) =>
  new UnusableMapping('No column holds the titles of the measures: say in `mapping` which column goes into which field.', [
    {
      code: 'not-mapped',
      field: 'title',
      detail: 'No column goes into the field `title`.',
      found: header
        .filter((heading) => heading !== '')
        .slice(0, 40)
        .join(', '),
      mend: 'Send `mapping`, such as {"Name of the indicator": "title"}.'
    }
  ])

/** Objects that are not ours: with a mapping, or of a list that is known. The first of them decides. */
function foreignTable(cells: Readonly<Record<string, unknown>>, given: unknown): Proposal | undefined {
  if (given !== undefined) {
    const read = readMapping(given)
    if ('errors' in read) throw new UnusableMapping(read.errors[0]!.detail, read.errors)
    return { mapping: read.mapping, unmapped: Object.keys(cells).filter((name) => !Object.hasOwn(read.mapping, name)) }
  }
  const proposal = proposeMapping(Object.keys(cells))
  return proposal.recognised ? proposal : undefined
}

/** A heading that comes again gets a number, so that no column hides another. */
function withDistinctHeadings({ header, rows }: Sheet): Sheet {
  const seen = new Map<string, number>()
  const distinct = header.map((heading) => {
    const count = (seen.get(heading) ?? 0) + 1
    seen.set(heading, count)
    return heading === '' || count === 1 ? heading : `${heading} (${count})`
  })
  return { header: distinct, rows }
}

async function* recordsOf({ header, rows }: Sheet): AsyncGenerator<RawRecord> {
  for await (const { row, cells, errors, warnings } of rows) {
    if (isComment(cells)) continue
    const value: Record<string, string> = Object.create(null)
    // What stands beyond the last heading, or under none, is kept as well: its row comes back if it is rejected.
    cells.forEach((cell, i) => {
      if (cell !== '' && header[i] !== COMMENT) value[header[i] || `(column ${columnLetters(i)})`] = cell
    })
    yield { row, at: `row ${row}`, value, errors, warnings }
  }
}

interface Understood {
  readonly covers?: readonly string[] | undefined
  readonly mapping?: ColumnMapping | undefined
  readonly ordinal: number
  readonly record: RawRecord
  readonly format: Format
  readonly interpreted: Interpreted
  readonly isKept: boolean
}

/** Makes candidates; compiles what it judges by once. */
function candidateMaker(vocabularies: Vocabularies): (understood: Understood) => Candidate {
  const check = recordChecker(vocabularies)
  const errorsIn = ({ interpreted, record, format, covers, mapping }: Understood): readonly Note[] => {
    const { errors, identity } = interpreted
    const found = errors.length > 0 ? errors : check(interpreted)
    const notes = placed([...identityErrors(identity), ...found], { isOwn: covers?.length === 0, columns: columnsOf(mapping) })
    return format === 'fhir' ? notes.map((note) => inResource(note, record.value)) : notes
  }
  return (understood) => {
    const { ordinal, record, format, interpreted, isKept, covers } = understood
    const { content, identity, classified } = interpreted
    const { errors: unread } = record
    const errors = unread.length > 0 ? unread : errorsIn(understood)
    const { provenance: _, ...facts } = content
    return {
      ordinal,
      row: record.row,
      at: record.at,
      format,
      identity,
      keys: errors.length > 0 ? [] : keysOf(interpreted),
      ...(covers === undefined ? {} : { covers }),
      content: content as Candidate['content'],
      classified,
      hash: sha256(canonicalJson(isKept ? [facts, record.value] : [facts])),
      record: record.value,
      isKept,
      errors,
      warnings: [...record.warnings, ...interpreted.warnings]
    }
  }
}

/** Text that cannot be stored stands in the resource where it stands in the record, whatever field it went into. */
function inResource(note: Note, resource: unknown): Note {
  const pointer = note.code === 'unstorable' ? unstorableIn(resource)?.pointer : undefined
  return pointer === undefined ? note : { ...note, pointer }
}

/** A canonical url names a measure by itself; without one its identifiers do, but not those of one release (see `matching.ts`). */
function keysOf({ content, identity: { url, release } }: Interpreted): string[] {
  if (url !== undefined) return [identifierKey({ system: URI_SYSTEM, value: url })]
  const identifiers = content.identifiers ?? []
  return identifiers.filter(({ system, value }) => !(value === release && system.endsWith('version'))).map(identifierKey)
}
