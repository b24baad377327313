/** `GET /v1/exercises`: the newest first; drafts for organisers. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { mayDo } from '../http/acting.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import type { Column } from '../http/spreadsheet.ts'
import { nearestWord } from '../vocabularies/nearest.ts'
import type { Exercise } from './exercise.schema.ts'
import type { ExerciseDeps } from './exercises.deps.ts'
import { countExercises, type ExerciseRow, listExercises } from './exercises.queries.ts'
import { exerciseIn } from './keeping.ts'
import { openRound } from './life.ts'
import { EXERCISE_STATES, ExercisePage, type ExerciseSummary, ExercisesQuery } from './requests.schema.ts'

type State = Exercise['state']
const EXPORT_BATCH = 200

function summarised(row: ExerciseRow): ExerciseSummary {
  const exercise = exerciseIn(row)
  const { id, state, title, question, language, items, groups, rounds, protocolHash, createdAt, updatedAt, publishedAt } = exercise
  const round = openRound(exercise)
  return {
    id,
    state,
    title,
    question,
    language,
    items: items.length,
    groups: groups.map(({ code }) => code),
    rounds: rounds.map(({ method }) => method),
    ...(round === undefined ? {} : { openRound: round }),
    protocolHash,
    createdAt,
    updatedAt,
    ...(publishedAt === undefined ? {} : { publishedAt })
  }
}

/** In an order that is frozen: new columns come at the end. */
const COLUMNS: readonly Column<ExerciseSummary>[] = [
  ...(['id', 'state', 'title', 'question', 'language', 'items'] as const).map((name) => ({
    name,
    cell: (exercise: ExerciseSummary) => exercise[name]
  })),
  { name: 'groups', cell: ({ groups }) => groups.join('|') },
  { name: 'rounds', cell: ({ rounds }) => rounds.join('|') },
  ...(['openRound', 'protocolHash', 'createdAt', 'updatedAt', 'publishedAt'] as const).map((name) => ({
    name,
    cell: (exercise: ExerciseSummary) => exercise[name]
  }))
]

/** The states that are asked for, of those that one may see. */
function statesAsked(text: string | undefined, mayPrepare: boolean): State[] {
  const visible = EXERCISE_STATES.filter((state) => mayPrepare || state !== 'draft')
  if (text === undefined) return [...visible]
  const asked = text.split(',').map((word) => word.trim())
  for (const word of asked) {
    if (EXERCISE_STATES.includes(word as State)) continue
    const nearest = nearestWord(word, EXERCISE_STATES)
    throw problem('unknown-code', `There is no state "${word.slice(0, 80)}".`, {
      errors: [{ parameter: 'state', detail: `One of ${EXERCISE_STATES.join(', ')} is expected.`, ...(nearest ? { nearest } : {}) }]
    })
  }
  return visible.filter((state) => asked.includes(state))
}

export const exerciseListRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store, config }) => {
  app.get(
    '/exercises',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listExercises',
        summary: 'List voting exercises',
        description: 'The newest first. Organisers see drafts as well.',
        tags: ['exercises'],
        querystring: ExercisesQuery,
        response: {
          200: { description: 'A page of exercises, or all of them as a file.', content: listContent(ref(ExercisePage)) },
          ...problemResponses('invalid-parameter', 'unknown-code', 'invalid-cursor', 'cursor-of-another-query', 'not-acceptable')
        },
        'x-example': { query: { state: 'open,published', limit: '5' } }
      }
    },
    async (request, reply) => {
      const { limit = 50, cursor } = request.query
      const format = formatOf(request, request.query.format)
      const states = statesAsked(request.query.state, mayDo(request, 'organiser'))
      if (format !== 'json') return sendFile(reply, { format, name: 'exercises', columns: COLUMNS, batches: batchesOf(states) }) as never
      const question = questionOf({ list: 'exercises', states }, [])
      const after = placeAfter(question, cursor)
      const { rows, total } = await store.read(async (db) => ({
        rows: await listExercises(db, states, limit + 1, after?.no),
        total: await countExercises(db, states)
      }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? writeCursor(question, { key: '', no: last.no }) : ''
      linkNext(request, reply, config.PUBLIC_URL, next)
      return { items: rows.slice(0, limit).map(summarised), total, next }
    }
  )

  async function* batchesOf(states: readonly State[]): AsyncGenerator<ExerciseSummary[]> {
    for (let before: number | undefined; ; ) {
      const rows = await store.read((db) => listExercises(db, states, EXPORT_BATCH, before))
      if (rows.length === 0) return
      yield rows.map(summarised)
      before = rows.at(-1)!.no
    }
  }
}
