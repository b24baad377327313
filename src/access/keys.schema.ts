/** Keys as administrators see them, and who one is. */
import { Type } from 'typebox'
import { component, oneOf, wholeList } from '../component.ts'
import { CODES } from '../vocabularies/codes.ts'
import { KEY_ROLES } from './roles.ts'

const closed = { additionalProperties: false }
const instant = (description: string) => Type.String({ format: 'date-time', description })
const name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'Who holds the key. It is shown in the history of what the key does.'
})
const role = oneOf(KEY_ROLES, 'What the key may do.')
const group = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'The organisation or stakeholder group that the holder belongs to.'
})
const id = Type.String({ description: 'Identifier of the key; not a secret.' })

export const NewKey = component(
  'NewKey',
  Type.Object(
    { name, role, group: Type.Optional(group), expiresAt: Type.Optional(instant('When the key stops working; never when left out.')) },
    { ...closed, description: 'A key to be made.' }
  )
)

const properties = {
  id,
  name,
  role,
  group: Type.Optional(group),
  prefix: Type.String({ description: 'The start of the key, by which its holder knows it.' }),
  createdAt: instant('When it was made.'),
  createdBy: Type.String({ description: 'Who made it.' }),
  expiresAt: Type.Optional(instant('When it stops working.')),
  revokedAt: Type.Optional(instant('When it was revoked.')),
  lastUsedAt: Type.Optional(instant('When it was last used, to the minute.'))
}
export const Key = component('Key', Type.Object(properties, { ...closed, description: 'A key, without its secret.' }))
export const IssuedKey = component(
  'IssuedKey',
  Type.Object(
    { ...properties, key: Type.String({ description: 'The key itself. It is shown only this once.' }) },
    { ...closed, description: 'A key that was just made.' }
  )
)

export const KeyList = wholeList('KeyList', Key, 'Every key that was ever made, the oldest first.')

export const Me = component(
  'Me',
  Type.Object(
    {
      id: Type.Optional(id),
      name: Type.Optional(name),
      group: Type.Optional(group),
      role: oneOf(CODES.role, 'The role.'),
      rights: Type.Array(oneOf(CODES.role, 'A role.'), { description: 'The roles that it includes.' })
    },
    { ...closed, description: 'Who asks.' }
  )
)

export const KeyParams = Type.Object({ id: Type.String({ maxLength: 100, description: 'Identifier of the key.' }) }, closed)
export const KEY_SCHEMAS = [NewKey, Key, IssuedKey, KeyList, Me]
