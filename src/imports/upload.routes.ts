/** `POST /v1/imports`: a file comes in. */

import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import { type Answer, lockOf, once, send } from '../http/idempotency.ts'
import { PROBLEMS, ProblemError, type ProblemPlace, problem, problemBody, problemResponses } from '../http/problems.ts'
import { discardUpload, takeFiles, Upload } from '../http/uploads.ts'
import { unstorableIn } from '../json/storable.ts'
import { ImportQuery, ImportReport, type ReportRow } from './import.schema.ts'
import { type FinishedImport, type ImportDeps, importFile } from './importing.ts'
import { findImport, listImportRows } from './imports.queries.ts'
import { MEDIA_TYPES } from './media-types.ts'
import type { Note } from './note.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import { reportJson, rowsOf } from './report.queries.ts'
import type { Summary } from './report.ts'
import { UnusableMapping } from './unusable-mapping.ts'

const MAX_BYTES = 64 * 2 ** 20
/** A file of the largest size over a slow line. */
const BODY_SECONDS = 600
/** The largest file that may come takes minutes to store; nothing is sent meanwhile. */
const ANSWER_SECONDS = 900
const MAX_PLACES = 50

const EXAMPLE = { title: 'Time at home in the last year of life', types: ['outcome'], levels: ['clinical'] }
const FHIR_EXAMPLE = { resourceType: 'Measure', status: 'draft', url: 'https://example.org/Measure/time-at-home', title: EXAMPLE.title }
const BODIES: Record<string, { description: string; example: unknown }> = {
  'application/json': {
    description: 'Our own JSON: a measure, an array of them, or {measures: […]}. Other lists with a mapping.',
    example: EXAMPLE
  },
  'application/fhir+json': { description: 'A FHIR Measure, or a Bundle of them: R4, R5 or R6.', example: FHIR_EXAMPLE },
  'application/x-ndjson': { description: 'One measure a line, ours or FHIR.', example: `${JSON.stringify(EXAMPLE)}\n` },
  'text/csv': {
    description: 'A sheet: our template, our own export, or any other with a mapping. UTF-8, or with `charset`.',
    example: `title,types,levels\r\n${EXAMPLE.title},outcome,clinical\r\n`
  },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    description: 'The same as a spreadsheet, without macros.',
    example: 'UEsDBBQ…'
  }
}

export const uploadRoutes: FastifyPluginAsyncTypebox<ImportDeps> = async (app, deps) => {
  const { clock, config, vocabularies, store, ids, catalogue } = deps
  takeFiles(app, Object.keys(MEDIA_TYPES), MAX_BYTES)

  /** Before the file is read: nobody sends 64 MiB to be told that they may not. */
  const refusePublication = async (request: FastifyRequest) => {
    const { publish } = request.query as { publish?: unknown }
    if (String(publish) === 'true' && !allows(request.actor!.role, 'reviewer'))
      throw problem('forbidden', 'Publishing needs the role reviewer: leave `publish` out, and drafts are made.')
  }

  app.post(
    '/imports',
    {
      config: { access: 'contributor', bodySeconds: BODY_SECONDS, answerSeconds: ANSWER_SECONDS },
      bodyLimit: MAX_BYTES,
      onRequest: refusePublication,
      schema: {
        operationId: 'createImport',
        summary: 'Import measures from a file',
        description:
          'Good rows go in and bad ones do not; `atomic` makes it all or none. With `dryRun` the same report, and nothing changes. The same file again is unchanged; a changed record becomes a draft of the next version. Records find their measure by id, canonical url or identifier.',
        tags: ['imports'],
        querystring: ImportQuery,
        body: { content: Object.fromEntries(Object.entries(BODIES).map(([type, { description }]) => [type, { schema: { description } }])) },
        response: {
          200: { description: 'What would happen, of a dry run.', content: { 'application/json': { schema: ref(ImportReport) } } },
          201: { description: 'What happened. The report is kept.', content: { 'application/json': { schema: ref(ImportReport) } } },
          ...problemResponses(
            'invalid-parameter',
            'malformed-file',
            'unsafe-file',
            'mapping-needed',
            'import-refused',
            'payload-too-large',
            'unsupported-media-type',
            'unauthenticated',
            'forbidden',
            'idempotency-key-reused'
          )
        },
        'x-example': {
          query: { dryRun: 'true' },
          body: EXAMPLE,
          bodies: Object.fromEntries(Object.entries(BODIES).map(([type, { example }]) => [type, example]))
        }
      }
    },
    async (request, reply) => {
      try {
        const { dryRun = false, publish = false, atomic = false, file: name, mapping } = request.query
        const options = { dryRun, publish, atomic, mapping: mappingOf(mapping) }
        const { path, mediaType, charset, bytes, sha256 } = uploadOf(request)
        const file = { path, name: nameOf(name), mediaType, charset, bytes, sha256 }
        const importDeps = { store, clock, ids, config, vocabularies, catalogue }
        const answer = await importFile(importDeps, request.actor!, file, options, lockOf(request), (tx, work) =>
          once(request, tx, clock.now(), async () => answerOf(await work(), request, config.PUBLIC_URL))
        )
        return await sendReport(reply, answer)
      } catch (error) {
        throw refusalOf(error)
      } finally {
        await discardUpload(request)
      }
    }
  )

  /** The kept answer names the import; the report itself is read from the database, piece by piece. */
  async function sendReport(reply: FastifyReply, { body, ...answer }: Answer): Promise<FastifyReply> {
    const [id = '', instance = ''] = body.split(' ')
    const row = (await store.read((db) => findImport(db, id)))!
    if (row.state !== 'refused') return send(reply, { ...answer, body: Readable.from(reportJson(row, rowsOf(store, id))) as never })
    const rejected = await store.read((db) => listImportRows(db, id, -1, MAX_PLACES, ['rejected']))
    const { rejected: wrong, total } = row.summary as Summary
    const refusal = problem('import-refused', `${wrong} of ${total} rows are wrong: nothing went in.`, {
      errors: rejected.flatMap(({ json }) => placesOf(JSON.parse(json) as ReportRow)).slice(0, MAX_PLACES)
    })
    return send(reply, { ...answer, body: JSON.stringify(problemBody(refusal, config.PUBLIC_URL, instance)) })
  }
}

function uploadOf({ body }: FastifyRequest): Upload {
  if (body instanceof Upload) return body
  throw problem(
    'malformed-file',
    `A file is expected as the body, with its type in \`Content-Type\`: ${Object.keys(MEDIA_TYPES).join(', ')}.`
  )
}

function nameOf(file: string | undefined): string | undefined {
  refuseUnstorableText('file', file)
  return file
}

function refuseUnstorableText(parameter: string, value: unknown): void {
  const fault = unstorableIn(value)
  if (fault)
    throw problem('invalid-parameter', `${parameter}: ${fault.detail}`, {
      errors: [{ parameter, detail: `${fault.pointer} ${fault.detail}`.trim() }]
    })
}

function mappingOf(mapping: string | undefined): unknown {
  if (mapping === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(mapping)
    refuseUnstorableText('mapping', parsed)
    return parsed
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw problem('invalid-parameter', 'The mapping is not JSON.', { errors: [{ parameter: 'mapping', detail: 'It is not JSON.' }] })
  }
}

/** The answer as it is kept: what it was, which import it is of, and which request. */
function answerOf({ id, state }: FinishedImport, request: FastifyRequest, publicUrl: string): Answer {
  const isRefused = state === 'refused'
  const type = isRefused ? 'application/problem+json' : 'application/json'
  return {
    status: isRefused ? PROBLEMS['import-refused'].status : state === 'dry-run' ? 200 : 201,
    headers: { 'content-type': `${type}; charset=utf-8`, location: `${publicUrl}/v1/imports/${id}` },
    body: `${id} urn:request:${request.id}`
  }
}

const placesOf = ({ at, errors }: ReportRow): ProblemPlace[] => errors.map((note) => ({ pointer: at, detail: sentence(note) }))

/** A note as one sentence for a problem document. */
function sentence({ column, pointer, field, detail, mend }: Note): string {
  const where = column ?? pointer ?? field
  return [where ? `${where}: ${detail}` : detail, mend].filter(Boolean).join(' ')
}

const CODES = { 'malformed-file': 'malformed-file', 'unsafe-file': 'unsafe-file', 'file-too-large': 'payload-too-large' } as const

function refusalOf(error: unknown): unknown {
  if (error instanceof UnreadableFile) {
    const errors = error.places.map((note) => ({ pointer: note.pointer ?? '', detail: sentence(note) }))
    return problem(CODES[error.code], error.message, { errors: errors.slice(0, MAX_PLACES) })
  }
  if (!(error instanceof UnusableMapping)) return error
  const errors = error.places.map((note) => ({ parameter: 'mapping', detail: sentence(note) })).slice(0, MAX_PLACES)
  return problem(error.places[0]?.code === 'not-mapped' ? 'mapping-needed' : 'invalid-parameter', error.message, { errors })
}
