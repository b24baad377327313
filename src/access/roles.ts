/** Who may do what: roles and what they include. */
import type { Code } from '../vocabularies/codes.ts'

export type Role = Code<'role'>
/** What a route asks for: the least role that may use it. */
export type Access = Role

/** A reviewer may do what a contributor may; an organiser runs exercises and otherwise reads; an administrator may do everything. */
const INCLUDES: Record<Role, readonly Access[]> = {
  reader: ['reader'],
  contributor: ['reader', 'contributor'],
  reviewer: ['reader', 'contributor', 'reviewer'],
  organiser: ['reader', 'organiser'],
  admin: ['reader', 'contributor', 'reviewer', 'organiser', 'admin']
}

export const allows = (role: Role, access: Access): boolean => INCLUDES[role].includes(access)

/** What a role includes, the least first. */
export const rightsOf = (role: Role): readonly Access[] => INCLUDES[role]

/** Roles that a key can have. */
export const KEY_ROLES = ['contributor', 'reviewer', 'organiser', 'admin'] as const
export type KeyRole = (typeof KEY_ROLES)[number]
