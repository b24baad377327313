/**
 * Ballots of voters, who come with a code and nothing else. These routes leave no trace: no line in the log, no place in the metrics, and a
 * key that comes along is not looked at.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../component.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { WRITTEN } from '../answering.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { lockOfExercise } from '../keeping.ts'
import { ExerciseParams } from '../requests.schema.ts'
import { Ballot, Receipt } from './ballot.schema.ts'
import { castBallot, codeIn, judgeBallot, voterOf } from './casting.ts'
import { fillInForm } from './filling-in.ts'
import { ballotFor } from './own-ballot.ts'
import { Turns } from './turns.ts'
import { CodeHeader, OwnBallot, VoterForm } from './voter.schema.ts'

/** A code like any other, of sixteen bytes that are all 7. */
const EXAMPLE_CODE = '070W-3GE1-R70W-3GE1-R70W-3GE1-R7KC'
const NO_TRACE = { logLevel: 'error' as const }
const HEADERS = { type: 'object', properties: CodeHeader }
const CODED = ['ballot-code', 'not-found', 'round-not-open'] as const

export const ballotRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store, counted, vocabularies }) => {
  const turns = new Turns()

  app.get(
    '/exercises/:id/ballot',
    {
      ...NO_TRACE,
      config: { access: 'reader', untraced: true },
      schema: {
        operationId: 'getBallot',
        summary: 'See one’s own ballot',
        description:
          'With the code of an invitation: what is voted on in the open round, the ballot that is in, and, from the second round on, one’s earlier ballot and what each group said.',
        tags: ['voting'],
        params: ExerciseParams,
        headers: HEADERS,
        response: {
          200: { description: 'The ballot.', content: { 'application/json': { schema: ref(OwnBallot) } } },
          ...problemResponses(...CODED)
        },
        'x-example': { path: { id: 'example-exercise' }, headers: { 'x-ballot-code': EXAMPLE_CODE } }
      }
    },
    async (request, reply) => {
      const code = codeIn(request.headers)
      reply.header('cache-control', 'no-store')
      return ballotFor(store, counted, request.params.id, code)
    }
  )

  app.put(
    '/exercises/:id/ballot',
    {
      ...NO_TRACE,
      config: { access: 'reader', untraced: true },
      schema: {
        operationId: 'putBallot',
        summary: 'Vote',
        description:
          'With the code of an invitation. The ballot takes the place of an earlier one with the same code, until the round is closed. Nobody can see whose it is.',
        tags: ['voting'],
        params: ExerciseParams,
        headers: HEADERS,
        body: ref(Ballot),
        response: {
          200: { description: 'That the ballot is in.', content: { 'application/json': { schema: ref(Receipt) } } },
          ...problemResponses(...WRITTEN, ...CODED)
        },
        'x-example': {
          path: { id: 'example-exercise' },
          headers: { 'x-ballot-code': EXAMPLE_CODE },
          body: { scores: { pacic: 8, i2: 'unable' } }
        }
      }
    },
    async (request) => {
      const code = codeIn(request.headers)
      const { id } = request.params
      await store.read((db) => judgeBallot(db, id, code, request.body))
      return turns.take(id, () => store.write([lockOfExercise(id)], (tx) => castBallot(tx, id, code, request.body)))
    }
  )

  app.post(
    '/exercises/:id/form',
    {
      ...NO_TRACE,
      config: { access: 'reader', untraced: true },
      schema: {
        operationId: 'fillInForm',
        summary: 'Say something of oneself',
        description:
          'Once for each code, and only if one likes: the level of care and the country. Each is added to a number; nothing says who said what, not even that both came together.',
        tags: ['voting'],
        params: ExerciseParams,
        headers: HEADERS,
        body: ref(VoterForm),
        response: {
          204: { type: 'null', description: 'It is counted.' },
          ...problemResponses(...WRITTEN, ...CODED, 'conflict')
        },
        'x-example': {
          path: { id: 'example-exercise' },
          headers: { 'x-ballot-code': EXAMPLE_CODE },
          body: { level: 'clinical', country: 'BE' }
        }
      }
    },
    async (request, reply) => {
      const code = codeIn(request.headers)
      const { id } = request.params
      const { country } = request.body
      if (country !== undefined && !vocabularies.has('jurisdiction', country))
        throw problem('invalid-body', `/country: there is no country "${country}".`, {
          errors: [{ pointer: '/country', detail: `There is no country "${country}" (ISO 3166).` }]
        })
      await store.read((db) => voterOf(db, id, code))
      await turns.take(id, () => store.write([lockOfExercise(id)], (tx) => fillInForm(tx, id, code, request.body)))
      return reply.code(204).send(null)
    }
  )

  // Pages of other sites may let people vote: browsers ask first whether they may. That they asked is nobody's business either.
  const asked = { access: 'reader', untraced: true, cors: { methods: ['GET', 'HEAD', 'PUT', 'POST'] } } as const
  for (const url of ['/exercises/:id/ballot', '/exercises/:id/form'])
    app.options(url, { ...NO_TRACE, config: asked, schema: { hide: true } }, async (_request, reply) => reply.code(204).send())
}
