/**
 * What a code becomes: three values that nobody can lead back to it, or to one another, without both the code and the secret of the
 * exercise. When the secret is destroyed, nobody can at all. HMAC-SHA256 (RFC 2104), each use with a word of its own before it.
 */
import { createHmac } from 'node:crypto'

/** Bytes of the secret of an exercise. */
export const SECRET_BYTES = 32

const mac = (secret: string, ...parts: readonly (string | number)[]) =>
  createHmac('sha256', Buffer.from(secret, 'hex')).update(parts.join('|')).digest()

/** The key of the ballot of a code in a round: another one in each round, so that rounds cannot be linked. */
export const ballotKeyOf = (secret: string, round: number, code: string): string => mac(secret, 'ballot', round, code).toString('hex')

/** What the voter keeps: made of the code and not of the ballot, so that it proves to nobody how somebody voted. */
export const receiptOf = (secret: string, round: number, code: string): string =>
  mac(secret, 'receipt', round, code)
    .toString('hex')
    .slice(0, 24)
    .replace(/(.{6})(?=.)/g, '$1-')

/** That the form on themselves was filled in with a code. */
export const formMarkOf = (secret: string, code: string): string => mac(secret, 'form', code).toString('hex')
