/** How exercises are answered, and what is refused everywhere. */
import { ref } from '../component.ts'
import { etagOf } from '../http/conditional.ts'
import type { Answer } from '../http/idempotency.ts'
import { Exercise } from './exercise.schema.ts'
import type { ExerciseRow } from './exercises.queries.ts'

const ETAG = { ETag: { type: 'string', description: 'Validator of the answer, for `If-Match` of the next step.' } }
export const JSON_TYPE = 'application/json; charset=utf-8'

/** An exercise as an answer, for the schema of a route. */
export const answered = (description: string) => ({
  description,
  headers: ETAG,
  content: { 'application/json': { schema: ref(Exercise) } }
})

export const REFUSED = ['unauthenticated', 'forbidden', 'not-found'] as const
export const CONDITIONAL = ['precondition-required', 'precondition-failed', 'transition-not-allowed'] as const
export const WRITTEN = ['malformed-json', 'invalid-body', 'unknown-property', 'payload-too-large', 'unsupported-media-type'] as const

export const answerOf = ({ id, tag, json }: ExerciseRow, madeAt?: string): Answer => ({
  status: madeAt === undefined ? 200 : 201,
  headers: {
    'content-type': JSON_TYPE,
    etag: etagOf(tag),
    ...(madeAt === undefined ? {} : { location: `${madeAt}/v1/exercises/${id}` })
  },
  body: json
})
