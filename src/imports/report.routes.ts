/** Reports of imports: kept, listed, read, and taken back. */
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Store, Writer } from '../../db/store.ts'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { lockOf, once, send } from '../http/idempotency.ts'
import { placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import {
  ImportPage,
  ImportParams,
  ImportReport,
  ImportSummary,
  ImportsQuery,
  ReportQuery,
  type ReportRow,
  RevertBody
} from './import.schema.ts'
import { IMPORT_DEADLINE, IMPORTS_LOCK, type ImportDeps, inTurn } from './importing.ts'
import { countImports, findImport, type ImportRow, listImports, type StoredRow } from './imports.queries.ts'
import { OUTCOMES, type Outcome } from './outcomes.ts'
import { rejectedFile } from './rejected.ts'
import { reportJson, rowsOf } from './report.queries.ts'
import { headOfReport, NOTE_COLUMNS, notesOf, SUMMARY_COLUMNS } from './report.ts'
import { hasPublished, revertImport } from './reverting.ts'

/** Imports read at a time. */
const BATCH = 500
const refused = ['unauthenticated', 'forbidden'] as const

export const reportRoutes: FastifyPluginAsyncTypebox<ImportDeps> = async (app, { store, clock, config }) => {
  const found = async (id: string): Promise<ImportRow> => {
    const row = await store.read((db) => findImport(db, id))
    if (!row) throw problem('not-found', `There is no import "${id}".`)
    return row
  }

  app.get(
    '/imports',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'listImports',
        summary: 'List imports',
        description: 'The newest first, dry runs too; those are forgotten after thirty days.',
        tags: ['imports'],
        querystring: ImportsQuery,
        response: {
          200: { description: 'A page of imports, or all of them as a file.', content: listContent(ref(ImportPage)) },
          ...problemResponses('invalid-parameter', 'invalid-cursor', 'cursor-of-another-query', 'not-acceptable', ...refused)
        },
        'x-example': { query: { limit: '2' } }
      }
    },
    async (request, reply) => {
      const { limit = 50, cursor } = request.query
      const format = formatOf(request, request.query.format)
      if (format !== 'json')
        return sendFile(reply, { format, name: 'imports', columns: SUMMARY_COLUMNS, batches: everyImport(store) }) as never
      const question = questionOf(request.query, ['cursor', 'limit', 'format'])
      const { rows, total } = await store.read(async (db) => ({
        rows: await listImports(db, limit + 1, placeOf(question, cursor)),
        total: await countImports(db)
      }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? writeCursor(question, { key: `${last.at} ${last.id}`, no: 0 }) : ''
      return { items: rows.slice(0, limit).map(headOfReport), total, next } as never
    }
  )

  app.get(
    '/imports/:id',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'getImport',
        summary: 'Read the report of an import',
        description: 'What became of every row. As CSV or NDJSON a line for each error and warning.',
        tags: ['imports'],
        params: ImportParams,
        querystring: ReportQuery,
        response: {
          200: { description: 'The report.', content: listContent(ref(ImportReport)) },
          ...problemResponses('invalid-parameter', 'not-found', 'not-acceptable', ...refused)
        },
        'x-example': { path: { id: 'example-import' } }
      }
    },
    async (request, reply) => {
      const row = await found(request.params.id)
      const format = formatOf(request, request.query.format)
      const outcomes = outcomesOf(request.query.outcome)
      const batches = rowsOf(store, row.id, outcomes)
      if (format !== 'json')
        return sendFile(reply, { format, name: 'import-report', columns: NOTE_COLUMNS, batches: notes(batches) }) as never
      const variant = sha256(JSON.stringify([row, outcomes ?? null])).slice(0, 12)
      if (notModified(request, reply, etagOf('report', variant))) return reply as never
      reply.type('application/json; charset=utf-8')
      return reply.send(Readable.from(reportJson(row, batches))) as never
    }
  )

  app.get(
    '/imports/:id/rejected',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'getRejectedRows',
        summary: 'Download the rejected rows',
        description:
          'In the form in which they came, each with `importComment`, which says what is wrong. Mend them and send the file again with the same mapping: the comment is ignored.',
        tags: ['imports'],
        params: ImportParams,
        response: {
          200: {
            description: 'The rows that did not go in.',
            content: {
              'text/csv': { schema: { type: 'string', description: 'Rows of a CSV file.' } },
              'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
                schema: { type: 'string', description: 'Rows of a spreadsheet.' }
              },
              'application/x-ndjson': { schema: { type: 'string', description: 'Records of JSON or FHIR, one a line.' } }
            }
          },
          ...problemResponses('not-found', ...refused)
        },
        'x-example': { path: { id: 'example-import' } }
      }
    },
    async (request, reply) => {
      const row = await found(request.params.id)
      if (notModified(request, reply, etagOf('rejected', sha256(JSON.stringify(row)).slice(0, 12)))) return reply as never
      const { type, extension, content } = await rejectedFile(row, () => rowsOf(store, row.id, ['rejected']))
      reply.type(type).header('content-disposition', `attachment; filename="rejected.${extension}"`)
      return reply.send(content as never)
    }
  )

  app.post(
    '/imports/:id/revert',
    {
      config: { access: 'contributor', bodyOptional: true },
      schema: {
        operationId: 'revertImport',
        summary: 'Take an import back',
        description:
          'Whole, and only while nobody has changed its measures since. Drafts go, or become what they were. What was published stays readable: a new measure is retired, a new version is followed by one with the former content; that needs a reviewer.',
        tags: ['imports'],
        params: ImportParams,
        body: ref(RevertBody),
        response: {
          200: { description: 'The import, taken back.', content: { 'application/json': { schema: ref(ImportSummary) } } },
          ...problemResponses(
            'malformed-json',
            'invalid-body',
            'unknown-property',
            'payload-too-large',
            'unsupported-media-type',
            'not-found',
            'transition-not-allowed',
            'conflict',
            'idempotency-key-reused',
            ...refused
          )
        },
        'x-example': { path: { id: 'example-import' }, body: { reason: 'The columns were mapped to the wrong fields.' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const row = await found(id)
      const actor = request.actor!
      const isReviewer = allows(actor.role, 'reviewer')
      if (!isReviewer && row.actorId !== actor.id) throw problem('forbidden', 'Only a reviewer takes back what somebody else imported.')
      if (!isReviewer && (await store.read((db) => hasPublished(db, id))))
        throw problem('forbidden', 'This import published versions: a reviewer has to take it back.')
      const act = { actor, now: clock.now().toISOString(), publicUrl: config.PUBLIC_URL }
      const revert = async (tx: Writer) => ({
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(headOfReport(await revertImport(tx, act, id, request.body?.reason)))
      })
      const locks = [IMPORTS_LOCK, ...lockOf(request)]
      const answer = await inTurn(() => store.write(locks, (tx) => once(request, tx, clock.now(), () => revert(tx)), IMPORT_DEADLINE))
      return send(reply, answer)
    }
  )
}

function placeOf(question: string, cursor: string | undefined): { at: string; id: string } | undefined {
  const place = placeAfter(question, cursor)
  const [at = '', id = ''] = place?.key.split(' ') ?? []
  return place && { at, id }
}

function outcomesOf(asked: string | undefined): Outcome[] | undefined {
  if (asked === undefined) return undefined
  const outcomes = asked.split(',').map((word) => word.trim())
  const unknown = outcomes.filter((word) => !(OUTCOMES as readonly string[]).includes(word))
  if (unknown.length > 0) {
    throw problem('invalid-parameter', `"${unknown[0]}" is not an outcome.`, {
      errors: [{ parameter: 'outcome', detail: `It is one of ${OUTCOMES.join(', ')}.` }]
    })
  }
  return outcomes as Outcome[]
}

async function* everyImport(store: Store): AsyncGenerator<ReturnType<typeof headOfReport>[]> {
  let before: { at: string; id: string } | undefined
  for (;;) {
    const rows = await store.read((db) => listImports(db, BATCH, before))
    if (rows.length === 0) return
    yield rows.map(headOfReport)
    before = rows.at(-1)!
  }
}

async function* notes(batches: AsyncIterable<StoredRow[]>) {
  for await (const rows of batches) yield rows.flatMap(({ json }) => notesOf(JSON.parse(json) as ReportRow))
}
