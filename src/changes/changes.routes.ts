import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { problemResponses } from '../http/problems.ts'
import { ChangeFeed, ChangeItem, ChangesQuery } from './change.schema.ts'
import { listChanges } from './changes.queries.ts'

export const changeRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store }) => {
  for (const schema of [ChangeItem, ChangeFeed]) app.addSchema(schema)

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
          200: { description: 'Changes, the oldest first.', content: { 'application/json': { schema: ref(ChangeFeed) } } },
          ...problemResponses('invalid-parameter', 'unknown-parameter')
        },
        'x-example': { query: { limit: '2' } }
      }
    },
    async ({ query }) => {
      const limit = query.limit ?? 50
      const rows = await store.read((db) => listChanges(db, Number(query.since ?? 0), limit + 1))
      const items = rows
        .slice(0, limit)
        .map(({ seq, version, ...row }) => ({ cursor: String(seq), ...row, ...(version ? { version } : {}) }))
      return { items, next: rows.length > limit ? items.at(-1)!.cursor : '' }
    }
  )
}
