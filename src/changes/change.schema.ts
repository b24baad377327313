/** The log of changes as others follow it: every change in the order in which it was committed. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { FormatParameter } from '../http/parameters.ts'

export const CHANGE_KINDS = ['measure', 'gap', 'exercise', 'vocabulary'] as const

export const ChangeItem = component(
  'Change',
  Type.Object(
    {
      cursor: Type.String({ description: 'Its place in the log: pass it as `since` to go on after it.' }),
      at: Type.String({ format: 'date-time', description: 'When.' }),
      kind: oneOf(CHANGE_KINDS, 'What kind of resource.'),
      id: Type.String({ description: 'Which one.' }),
      action: Type.String({
        description:
          'What happened to it: created, draft-opened, updated, submitted, returned, published, retired, maturity-changed, address-changed, draft-deleted, implementation-reported, implementation-confirmed, implementation-withdrawn, gaps-changed; to a gap: reported, received, accepted, returned, updated, adopted, opened, closed, derived, or the status that a step led to; to an exercise: created, updated, invited, opened, item-joined, paper-entered, paper-confirmed, paper-discarded, closed, published, void, and nothing that a voter does.'
      }),
      version: Type.Optional(Type.String({ description: 'The version that came of it; of an exercise the round.' }))
    },
    { additionalProperties: false, description: 'One change of one resource.' }
  )
)
export type ChangeItem = Static<typeof ChangeItem>

export const ChangeFeed = component(
  'ChangeFeed',
  Type.Object(
    {
      items: Type.Array(ref(ChangeItem), { description: 'Changes, the oldest first.' }),
      next: Type.String({
        description: 'Pass as `since` for what comes after; empty where nothing does yet: then keep the cursor of the last item.'
      })
    },
    { additionalProperties: false, description: 'A piece of the log of changes.' }
  )
)

export const ChangesQuery = Type.Object(
  {
    since: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,15}$', description: 'Only what came after this cursor; everything when left out.' })
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Changes in an answer.' })),
    format: FormatParameter
  },
  { additionalProperties: false }
)
