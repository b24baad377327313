/** Codes for voters: as JSON, as a table, or as cards to print. They are shown once, and kept as hashes. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { actOf } from '../http/acting.ts'
import { cardFormatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { REFUSED, WRITTEN } from './answering.ts'
import { cardsAsCsv } from './cards/csv.ts'
import { cardsAsPdf } from './cards/pdf.ts'
import type { CardSheet } from './cards/sheet.ts'
import { cardsAsSvg } from './cards/svg.ts'
import { printedCode } from './codes.ts'
import type { Exercise } from './exercise.schema.ts'
import type { ExerciseDeps } from './exercises.deps.ts'
import { lockOfExercise } from './keeping.ts'
import { ExerciseParams, Invitations, InvitationsQuery, NewInvitations } from './requests.schema.ts'
import { issueCodes } from './voting/inviting.ts'
import { wordsIn } from './wording.ts'

/** Issuing ten thousand codes takes longer than a usual unit of work. */
const ISSUING = { deadlineMs: 60_000 }

export const invitationRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, config, ids } = deps

  app.post(
    '/exercises/:id/invitations',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'inviteVoters',
        summary: 'Issue one-time codes for a group',
        description:
          'Each is 128 random bits. They are in this answer and nowhere else: an `Idempotency-Key` does not bring them back. Give them to people by chance, so that nobody knows who has which.',
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: InvitationsQuery,
        body: ref(NewInvitations),
        response: {
          201: {
            description: 'The codes.',
            content: {
              'application/json': { schema: ref(Invitations) },
              'text/csv': { schema: { type: 'string', description: 'A line for each: group, code, address.' } },
              'image/svg+xml': { schema: { type: 'string', description: 'Cards to print, each with a QR code.' } },
              'application/pdf': { schema: { type: 'string', format: 'binary', description: 'Cards to print, eight on a page.' } }
            }
          },
          ...problemResponses(...WRITTEN, ...REFUSED, 'invalid-parameter', 'transition-not-allowed', 'not-acceptable')
        },
        'x-example': { path: { id: 'example-exercise' }, body: { group: 'professionals', count: 2 } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const { group } = request.body
      const format = cardFormatOf(request, request.query.format)
      const language = labelLanguage(languageOf(request, request.query.lang))
      const { exercise, codes } = await store.write(
        [lockOfExercise(id)],
        (tx) => issueCodes(tx, actOf(request, deps), id, request.body, ids.secret),
        ISSUING
      )
      const address = `${config.PUBLIC_URL}/v1/exercises/${id}`
      reply.code(201).header('location', address)
      if (format === 'json') return { exercise: id, group, codes: codes.map(printedCode) }
      describeLanguage(reply, language)
      const sheet: CardSheet = {
        title: exercise.title,
        question: exercise.question,
        group: groupLabel(exercise, group, language),
        lang: language,
        exerciseId: id,
        cards: codes.map((code) => ({ code, url: `${exercise.votingUrl ?? address}#${printedCode(code)}` }))
      }
      reply.header('content-disposition', `attachment; filename="${id}-${group}.${format}"`)
      if (format === 'csv') return reply.type('text/csv; charset=utf-8; header=present').send(cardsAsCsv(sheet) as never) as never
      if (format === 'svg') return reply.type('image/svg+xml; charset=utf-8').send(cardsAsSvg(sheet) as never) as never
      return reply.type('application/pdf').send((await cardsAsPdf(sheet)) as never) as never
    }
  )
}

const groupLabel = ({ groups, language }: Exercise, code: string, asked: string): string =>
  wordsIn(groups.find((group) => group.code === code)!.label, asked, language)
