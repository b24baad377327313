import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { problem, problemResponses } from '../http/problems.ts'
import type { Column } from '../http/spreadsheet.ts'
import { ChangeFeed, ChangeItem, ChangesQuery } from './change.schema.ts'
import { listChanges, prepareHead } from './changes.queries.ts'

const BATCH = 1_000
const COLUMNS: readonly Column<ChangeItem>[] = (['cursor', 'at', 'kind', 'id', 'action', 'version'] as const).map((name) => ({
  name,
  cell: (change) => change[name]
}))

export const changeRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store }) => {
  for (const schema of [ChangeItem, ChangeFeed]) app.addSchema(schema)

  const head = prepareHead(store)
  const changesAfter = async (seq: number, limit: number): Promise<ChangeItem[]> => {
    const rows = await store.read((db) => listChanges(db, seq, limit))
    return rows.map(({ seq, version, ...row }) => ({ cursor: String(seq), ...row, ...(version ? { version } : {}) }))
  }
  async function* everyChange(after: number): AsyncGenerator<ChangeItem[]> {
    for (let batch = await changesAfter(after, BATCH); batch.length > 0; batch = await changesAfter(Number(batch.at(-1)!.cursor), BATCH))
      yield batch
  }

  /** A cursor that was never given: the log was restored from an older copy, or this is another registry. Silence would hide it. */
  async function refuseBeyondEnd(after: number): Promise<void> {
    const [row] = await head()
    if (after <= Number(row!.head)) return
    const detail =
      'The log does not reach this far: it was restored from an older copy, or this is another registry. Read everything again, without `since`.'
    throw problem('invalid-cursor', detail, { errors: [{ parameter: 'since', detail }] })
  }

  app.get(
    '/changes',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listChanges',
        summary: 'Follow every change',
        description:
          'All changes in the order in which they were committed, retirements and deletions too. Who goes on from the last cursor sees each exactly once. It names drafts, whose content it does not show.',
        tags: ['changes'],
        querystring: ChangesQuery,
        response: {
          200: { description: 'Changes, the oldest first.', content: listContent(ref(ChangeFeed)) },
          ...problemResponses('invalid-parameter', 'unknown-parameter', 'invalid-cursor')
        },
        'x-example': { query: { limit: '2' } }
      }
    },
    async (request, reply) => {
      const { since = '0', limit = 50 } = request.query
      const format = formatOf(request, request.query.format)
      const after = Number(since)
      await refuseBeyondEnd(after)
      if (format !== 'json') return sendFile(reply, { format, name: 'changes', columns: COLUMNS, batches: everyChange(after) }) as never
      const items = await changesAfter(after, limit + 1)
      return { items: items.slice(0, limit), next: items.length > limit ? items[limit - 1]!.cursor : '' }
    }
  )
}
