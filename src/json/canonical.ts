import { hash } from 'node:crypto'

/** JSON with the keys of every object in code-unit order (RFC 8785 for the values that records hold). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

export const sha256 = (text: string | Buffer): string => hash('sha256', text, 'hex')

/** A strong validator of a text or a file: 96 bits of its SHA-256, in characters that an ETag may hold. */
export const tagOf = (text: string | Buffer): string => hash('sha256', text, 'base64url').slice(0, 16)
