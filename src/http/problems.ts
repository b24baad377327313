/** RFC 9457 problem details: a closed list of codes, each with a page of its own at `/problems/{code}`. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'

interface Kind {
  readonly status: number
  readonly title: string
  /** For the page: what it means, and what to do about it. */
  readonly explanation: string
}
const kind = (status: number, title: string, explanation: string): Kind => ({ status, title, explanation })

export const PROBLEMS = {
  'malformed-json': kind(
    400,
    'The body is not JSON',
    'The body could not be read as JSON in UTF-8. Check it with a JSON linter, and that the whole of it was sent.'
  ),
  'malformed-file': kind(
    400,
    'The file cannot be read',
    'The file is cut off, damaged, or not of the type that it was sent as. `detail` says where it could not be read on, and what to do; nothing of it went in.'
  ),
  'invalid-parameter': kind(
    400,
    'A parameter is wrong',
    'A part of the address has the wrong type, length or form. `errors` names each parameter and what it should be.'
  ),
  'unknown-parameter': kind(
    400,
    'A parameter is not known',
    'The address has a parameter that this path does not know. It is refused rather than ignored, since a filter that does nothing misleads. `errors` names the nearest that is known.'
  ),
  'unknown-code': kind(
    400,
    'A code is not known',
    'A filter names a code that its vocabulary does not have. `errors` names the nearest; all codes are at `/v1/vocabularies`.'
  ),
  'invalid-cursor': kind(
    400,
    'The cursor is wrong',
    'A cursor is only ever the `next` of an earlier answer, unchanged. Start again without it.'
  ),
  'cursor-of-another-query': kind(
    400,
    'The cursor belongs to another list',
    'A cursor goes on with the list it came from: with the same filters, search and order. Start again without it.'
  ),
  unauthenticated: kind(
    401,
    'A key is needed',
    'Send `Authorization: Bearer <key>` with a key that is known, not expired and not revoked. An administrator makes keys.'
  ),
  forbidden: kind(
    403,
    'The key may not do this',
    'The key is good, but its role does not include this. `/v1/me` says what it does include.'
  ),
  'own-draft': kind(
    403,
    'Nobody publishes their own draft',
    'The draft was opened with this key. Where a second reviewer exists, one of them has to publish it.'
  ),
  'own-report': kind(
    403,
    'Nobody confirms their own report',
    'The implementation was reported with this key. Where a second reviewer exists, one of them has to confirm it.'
  ),
  'own-entry': kind(
    403,
    'Nobody confirms their own entry',
    'The ballots on paper were entered with this key. Another organiser compares them with the paper, and confirms them.'
  ),
  'ballot-code': kind(
    403,
    'The code does not open this exercise',
    'Ballots need the code of an invitation in `X-Ballot-Code`. `detail` says what is wrong with the one that came: nothing was counted, and the code still works where it belongs.'
  ),
  sealed: kind(
    403,
    'Nobody sees this yet',
    'What was voted is seen by nobody, in any role, while a round is open; after the close by organisers, and after the publication by all.'
  ),
  'not-found': kind(404, 'There is nothing here', 'The address or the identifier is not known. `detail` says which.'),
  'method-not-allowed': kind(
    405,
    'This path does not know the method',
    'The path exists, with other methods: the `Allow` header names them.'
  ),
  'not-acceptable': kind(406, 'None of the accepted forms is known', 'The `Accept` header names no form that this path can answer in.'),
  'request-timeout': kind(408, 'The request took too long to arrive', 'The whole of a request has to arrive within some seconds.'),
  'id-taken': kind(
    409,
    'The identifier is taken',
    'Identifiers are never used twice, not even after a draft was thrown away. `errors` names one that is free.'
  ),
  'transition-not-allowed': kind(
    409,
    'Not in this state',
    'What was asked is not possible in the present state of the resource. `detail` says why.'
  ),
  'round-not-open': kind(
    409,
    'No round is open',
    'Ballots are taken while a round is open, and not afterwards. `detail` says where the exercise stands.'
  ),
  conflict: kind(
    409,
    'This contradicts the present state',
    'What was asked contradicts the present state of the registry. `detail` says why.'
  ),
  'precondition-failed': kind(
    412,
    'Somebody was faster',
    'The resource has changed since the ETag in `If-Match`. Read it again, and decide again.'
  ),
  'payload-too-large': kind(413, 'The body is too large', 'The body is larger than this path takes. A file of measures can be split.'),
  'uri-too-long': kind(414, 'The address is too long', 'A part of the address is longer than any that is known.'),
  'unsupported-media-type': kind(415, 'The body has another type', 'Send JSON with `Content-Type: application/json`.'),
  'invalid-body': kind(
    422,
    'The body does not fit',
    'The body is JSON, but not what is expected. `errors` names each place by a JSON pointer.'
  ),
  'unknown-property': kind(
    422,
    'The body has an unknown property',
    'A property is not known here. It is refused rather than dropped. `errors` names its place, and the nearest that is known.'
  ),
  'not-publishable': kind(
    422,
    'The draft cannot be published yet',
    'A published measure needs more than a draft. `errors` names every place that is missing or not allowed.'
  ),
  'unsafe-file': kind(
    422,
    'The file holds what no file of measures needs',
    'Macros, links to other files, document types and the like are not taken, whatever they do. `detail` names the part. Save the sheet as a plain file, and send that.'
  ),
  'mapping-needed': kind(
    422,
    'The columns are not known',
    'No column holds the titles of the measures. Send `mapping`, which says which column goes into which field; a template is at `/v1/imports/template.csv`.'
  ),
  'import-refused': kind(
    422,
    'Nothing was imported',
    'It was to be all rows or none, and some are wrong. `errors` names the first of them; `Location` is the address of the whole report.'
  ),
  'idempotency-key-reused': kind(
    422,
    'The idempotency key was used for something else',
    'An `Idempotency-Key` belongs to one request. Choose another for another request.'
  ),
  'precondition-required': kind(
    428,
    'If-Match is needed',
    'Send the ETag of what you saw in `If-Match`, so that nobody overwrites what they have not seen.'
  ),
  'too-many-requests': kind(
    429,
    'Too many for now',
    'Without a key a few reports can be sent in some minutes, and so many a day from everybody together. `Retry-After` says in how many seconds to try again; with a key there is no such limit.'
  ),
  'headers-too-large': kind(431, 'The headers are too large', 'The address and the headers together are larger than the server takes.'),
  internal: kind(500, 'The registry failed', 'This is a fault of the registry, and it was logged. Try again later.'),
  'service-unavailable': kind(
    503,
    'The registry is busy',
    'The database did not answer in time, or the registry is stopping. Nothing was half-done; try again.'
  )
} as const satisfies Record<string, Kind>

export type ProblemCode = keyof typeof PROBLEMS
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[]

export const ProblemPlace = component(
  'ProblemPlace',
  Type.Object(
    {
      pointer: Type.Optional(Type.String({ description: 'Where in the body (JSON pointer, RFC 6901).' })),
      parameter: Type.Optional(Type.String({ description: 'Which part of the address.' })),
      header: Type.Optional(Type.String({ description: 'Which header.' })),
      detail: Type.String({ description: 'What is wrong there, and what is expected.' }),
      nearest: Type.Optional(Type.String({ description: 'The nearest thing that would be right.' }))
    },
    { additionalProperties: false, description: 'A place that is wrong.' }
  )
)
export type ProblemPlace = Static<typeof ProblemPlace>

export const Problem = component(
  'Problem',
  Type.Object(
    {
      type: Type.String({ format: 'uri-reference', description: 'The page that explains this kind of problem.' }),
      title: Type.String({ description: 'The kind of problem, in a few words.' }),
      status: Type.Integer({ description: 'The HTTP status.' }),
      detail: Type.String({ description: 'What went wrong this time.' }),
      instance: Type.String({ description: 'The request, for the log.' }),
      code: oneOf(PROBLEM_CODES, 'A stable code for programs.'),
      errors: Type.Optional(Type.Array(ref(ProblemPlace), { description: 'Every place that is wrong.' }))
    },
    { additionalProperties: false, description: 'Why a request was refused (RFC 9457).' }
  )
)
export type Problem = Static<typeof Problem>

interface Extras {
  readonly errors?: readonly ProblemPlace[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal, thrown wherever it is found and answered at the edge. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly extras: Extras
  constructor(code: ProblemCode, detail: string, extras: Extras) {
    super(detail)
    this.name = 'ProblemError'
    this.code = code
    this.extras = extras
  }
  get statusCode(): number {
    return PROBLEMS[this.code].status
  }
}

/** Makes a refusal. `detail` is for people, `errors` name the places. */
export const problem = (code: ProblemCode, detail: string, extras: Extras = {}): ProblemError => new ProblemError(code, detail, extras)

/** The problem as it is answered. */
export function problemBody({ code, message, extras }: ProblemError, publicUrl: string, instance: string): Problem {
  const { status, title } = PROBLEMS[code]
  return {
    type: `${publicUrl}/problems/${code}`,
    title,
    status,
    detail: message,
    instance,
    code,
    ...(extras.errors && extras.errors.length > 0 ? { errors: [...extras.errors] } : {})
  }
}

/** The responses of an operation that refuses with these codes, for its schema: one for each status, naming its codes. */
export function problemResponses(...codes: readonly ProblemCode[]): Record<number, object> {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      status,
      {
        description: found.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: ref(Problem) } },
        'x-problem-codes': found
      }
    ])
  )
}
