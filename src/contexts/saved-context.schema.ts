/** Contexts with a name, as they are saved and answered. */
import { type Static, Type } from 'typebox'
import { component, ref } from '../component.ts'
import { text } from '../measures/measure.parts.ts'
import { ReadinessContext } from '../readiness/context.schema.ts'

const closed = { additionalProperties: false }
const instant = (description: string) => Type.String({ format: 'date-time', description })
const uri = (description: string) => Type.String({ format: 'uri', description })

/** 80 bits, so that nobody comes upon a context by trying: Crockford's base 32, without i, l, o and u. */
export const ContextId = Type.String({
  pattern: '^[0-9a-hjkmnp-tv-z]{16}$',
  description: 'Identifier of the context: who has it may read it.'
})
const name = text('What the context is called.', 200)

/** A context that says nothing asks nothing: it is not worth a name. */
const stated = Type.Unsafe<ReadinessContext>({
  allOf: [ref(ReadinessContext)],
  minProperties: 1,
  description: 'What is asked for: at least one member.'
})

export const NewSavedContext = component(
  'NewSavedContext',
  Type.Object({ name, context: stated }, { ...closed, description: 'A context to be saved.' })
)
export type NewSavedContext = Static<typeof NewSavedContext>

export const SavedContextPatch = component(
  'SavedContextPatch',
  Type.Object(
    {
      name: Type.Optional(Type.Unsafe<unknown>({ type: ['string', 'null'], description: 'New value of `name`.' })),
      context: Type.Optional(
        Type.Unsafe<unknown>({
          type: ['object', 'null'],
          description: 'Members of `context` that change; null removes one, a list is replaced as a whole.'
        })
      )
    },
    { ...closed, description: 'JSON Merge Patch (RFC 7396) of a saved context. The result has to be one that could be saved.' }
  )
)

export const SavedContext = component(
  'SavedContext',
  Type.Object(
    {
      id: ContextId,
      name,
      context: ref(ReadinessContext),
      createdAt: instant('When it was saved.'),
      updatedAt: instant('When it was last changed.'),
      links: Type.Object(
        {
          self: uri('This context.'),
          readiness: uri('What can be implemented at once in it.'),
          unlocks: uri('What would make more possible in it.')
        },
        { ...closed, description: 'Where to go on.' }
      )
    },
    { ...closed, description: 'A context that somebody gave a name, so that others can open the same question.' }
  )
)
export type SavedContext = Static<typeof SavedContext>

export const SavedContextPage = component(
  'SavedContextPage',
  Type.Object(
    {
      items: Type.Array(ref(SavedContext), { description: 'Contexts, the newest first.' }),
      total: Type.Integer({ minimum: 0, description: 'How many there are on all pages.' }),
      next: Type.String({ description: 'Cursor of the next page; empty at the end.' })
    },
    { ...closed, description: 'A page of saved contexts.' }
  )
)

export const SavedContextsQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Contexts on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before.' }))
  },
  closed
)
export const SavedContextParams = Type.Object({ id: ContextId }, closed)

export const CONTEXT_SCHEMAS = [NewSavedContext, SavedContextPatch, SavedContext, SavedContextPage]
