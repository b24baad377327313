/** Codes for voters: as JSON, as a table, or as cards to print. They are shown once, and kept as hashes. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../component.ts'
import { actOf } from '../../http/acting.ts'
import { type CardFormat, cardFormatOf } from '../../http/formats.ts'
import { describeLanguage, languageOf } from '../../http/languages.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { labelLanguage } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import { JSON_TYPE, REFUSED, WRITTEN } from '../answering.ts'
import { cardsAsCsv } from '../cards/csv.ts'
import { cardsAsPdf } from '../cards/pdf.ts'
import type { CardSheet } from '../cards/sheet.ts'
import { cardsAsSvg } from '../cards/svg.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { lockOfExercise } from '../keeping.ts'
import { ExerciseParams, Invitations, InvitationsQuery, NewInvitations } from '../requests.schema.ts'
import { wordsIn } from '../wording.ts'
import { printedCode } from './codes.ts'
import { exerciseToInviteTo, issueCodes, makeCodes } from './inviting.ts'

/** Issuing ten thousand codes takes longer than a usual unit of work. */
const ISSUING = { deadlineMs: 60_000 }

/** Cards of one request: drawing more would keep others waiting. */
const MAX_CARDS = 1_000
const DRAWN: ReadonlySet<CardFormat> = new Set(['svg', 'pdf'])
const TYPES: Readonly<Record<CardFormat, string>> = {
  json: JSON_TYPE,
  csv: 'text/csv; charset=utf-8; header=present',
  svg: 'image/svg+xml; charset=utf-8',
  pdf: 'application/pdf'
}

type Draw = (exercise: Exercise, group: string, codes: readonly string[], language: LabelLanguage) => string | Promise<string | Buffer>

export const invitationRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, config, ids } = deps
  const addressOf = (id: string) => `${config.PUBLIC_URL}/v1/exercises/${id}`

  const sheetOf = (exercise: Exercise, group: string, codes: readonly string[], lang: LabelLanguage): CardSheet => ({
    title: exercise.title,
    question: exercise.question,
    group: groupLabel(exercise, group, lang),
    lang,
    exerciseId: exercise.id,
    cards: codes.map((code) => ({ code, url: `${exercise.votingUrl ?? addressOf(exercise.id)}#${printedCode(code)}` }))
  })
  const FORMS: Readonly<Record<CardFormat, Draw>> = {
    json: ({ id }, group, codes) => JSON.stringify({ exercise: id, group, codes: codes.map(printedCode) }),
    csv: (...asked) => cardsAsCsv(sheetOf(...asked)),
    svg: (...asked) => cardsAsSvg(sheetOf(...asked)),
    pdf: (...asked) => cardsAsPdf(sheetOf(...asked))
  }

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
              'image/svg+xml': { schema: { type: 'string', description: `Cards to print, each with a QR code; at most ${MAX_CARDS}.` } },
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
      const { group, count } = request.body
      const format = cardFormatOf(request, request.query.format)
      if (DRAWN.has(format) && count > MAX_CARDS) throw tooManyCards()
      const language = labelLanguage(languageOf(request, request.query.lang))
      const exercise = await store.read((db) => exerciseToInviteTo(db, id, group))
      const codes = makeCodes(count, ids.secret)
      // Drawn before they are valid: codes that nobody got to see would be lost.
      const body = await FORMS[format](exercise, group, codes, language)
      await store.write([lockOfExercise(id)], (tx) => issueCodes(tx, actOf(request, deps), id, group, codes), ISSUING)
      reply.code(201).header('location', addressOf(id)).type(TYPES[format])
      if (format === 'json') return reply.send(body as never) as never
      describeLanguage(reply, language)
      reply.header('content-disposition', `attachment; filename="${id}-${group}.${format}"`)
      return reply.send(body as never) as never
    }
  )
}

const tooManyCards = () =>
  problem('invalid-body', `At most ${MAX_CARDS} cards are drawn at a time.`, {
    errors: [{ pointer: '/count', detail: `At most ${MAX_CARDS} as cards; as JSON or CSV more.` }]
  })

const groupLabel = ({ groups, language }: Exercise, code: string, asked: string): string =>
  wordsIn(groups.find((group) => group.code === code)!.label, asked, language)
