/** What outcomes say of a measure, and of a gap. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ref } from '../../component.ts'
import { GapId } from '../../gaps/gap.schema.ts'
import { visibleGap } from '../../gaps/keeping.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { findDocument } from '../../measures/measure.queries.ts'
import { MeasureId } from '../../measures/measure.schema.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { listPriorities } from './outcomes.queries.ts'
import { Priorities, type Priority } from './priority.schema.ts'

const closed = { additionalProperties: false }
const ofMeasure = Type.Object({ id: MeasureId }, closed)
const ofGap = Type.Object({ id: GapId }, closed)
const response = {
  200: { description: 'All of them.', content: { 'application/json': { schema: ref(Priorities) } } },
  ...problemResponses('not-found')
}
const whole = (items: Priority[]) => ({ items, total: items.length, next: '' as const })

export const priorityRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store }) => {
  app.get(
    '/measures/:id/priorities',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listMeasurePriorities',
        summary: 'See the votes on a measure',
        description: 'What published exercises came to, the newest first. A priority is a dated fact with its source; nobody edits it.',
        tags: ['measures'],
        params: ofMeasure,
        response,
        'x-example': { path: { id: 'pacic' } }
      }
    },
    async (request) => {
      const { id } = request.params
      return store.read(async (db) => {
        if (!(await findDocument(db, id, 'published'))) throw problem('not-found', `There is no published measure "${id}".`)
        return whole(await listPriorities(db, 'measure', id))
      })
    }
  )

  app.get(
    '/gaps/:id/priorities',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listGapPriorities',
        summary: 'See the votes on a gap',
        description: 'What published exercises came to, the newest first. A priority is a dated fact with its source; nobody edits it.',
        tags: ['gaps'],
        params: ofGap,
        response,
        'x-example': { path: { id: 'example-gap' } }
      }
    },
    async (request) => {
      const { id } = request.params
      return store.read(async (db) => {
        await visibleGap(db, id, false)
        return whole(await listPriorities(db, 'gap', id))
      })
    }
  )
}
