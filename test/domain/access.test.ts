/** Roles and keys: what a role includes, how keys are made, kept, compared and ended. */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import fc from 'fast-check'
import t from 'tap'
import { chosenKey, issueKey, type KeyRequest, matches, prefixOf, unusable } from '../../src/access/keys.ts'
import { type Access, allows, KEY_ROLES, rightsOf } from '../../src/access/roles.ts'
import { systemIds } from '../../src/context.ts'
import { CODES } from '../../src/vocabularies/codes.ts'

const NOW = '2026-11-24T10:00:00.000Z'
const source = { createdBy: 'test', clock: { now: () => new Date(NOW) }, ids: systemIds }
const request: KeyRequest = { name: 'Anna', role: 'reviewer' }

t.test('what a role includes', async (t) => {
  const included: Record<Access, readonly Access[]> = {
    reader: ['reader'],
    contributor: ['reader', 'contributor'],
    reviewer: ['reader', 'contributor', 'reviewer'],
    organiser: ['reader', 'organiser'],
    admin: ['reader', 'contributor', 'reviewer', 'organiser', 'admin']
  }
  t.same(Object.keys(included).sort(), [...CODES.role].sort(), 'every role of the vocabulary')
  for (const role of CODES.role) {
    t.same(rightsOf(role), included[role], role)
    for (const access of CODES.role) t.equal(allows(role, access), included[role].includes(access), `${role} as ${access}`)
  }
  t.notOk((KEY_ROLES as readonly string[]).includes('reader'), 'a reader needs no key')
})

t.test('a key is random, and only its hash is kept', async (t) => {
  const { key, row } = issueKey({ ...request, group: 'evaluation-experts' }, source)
  t.match(key, /^cm_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/)
  const secret = key.split('_').slice(2).join('_')
  t.equal(Buffer.from(secret, 'base64url').length, 32, '256 bits')
  t.notOk(JSON.stringify(row).includes(secret), 'the secret is not stored')
  t.match(row, { name: 'Anna', role: 'reviewer', group: 'evaluation-experts', createdBy: 'test', createdAt: NOW })
  t.same([row.expiresAt, row.revokedAt, row.lastUsedAt], [null, null, null])
  t.equal(row.prefix, prefixOf(key), 'the key says which row is its own')
  const others = Array.from({ length: 100 }, () => issueKey(request, source))
  t.equal(new Set(others.map(({ key }) => key)).size, 100)
  t.equal(new Set(others.map(({ row }) => row.id)).size, 100)
})

t.test('a key is known by all of it', async (t) => {
  const { key, row } = issueKey(request, source)
  t.ok(matches(key, row))
  for (const place of [3, 15, 16, key.length - 1])
    t.notOk(matches(key.slice(0, place) + (key[place] === 'a' ? 'b' : 'a') + key.slice(place + 1), row), `another letter at ${place}`)
  for (const other of ['', key.slice(0, -1), `${key}a`, key.toUpperCase(), row.hash, row.prefix]) t.notOk(matches(other, row))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      t.notOk(text === key || matches(text, row))
      return typeof prefixOf(text) === 'string'
    })
  )
})

t.test('keys are compared in constant time', async (t) => {
  const { key, row } = issueKey(request, source)
  const { timingSafeEqual } = crypto
  const lengths: number[][] = []
  crypto.timingSafeEqual = (a, b) => {
    lengths.push([a.byteLength, b.byteLength])
    return timingSafeEqual(a, b)
  }
  syncBuiltinESMExports()
  t.teardown(() => {
    crypto.timingSafeEqual = timingSafeEqual
    syncBuiltinESMExports()
  })
  for (const candidate of [key, 'x', 'x'.repeat(9_000)]) matches(candidate, row)
  t.same(lengths, [
    [32, 32],
    [32, 32],
    [32, 32]
  ])
})

t.test('a chosen key has any form, and is found by the start of its hash', async (t) => {
  const key = 'correct horse battery staple, and more'
  const row = chosenKey(key, { name: 'configured', role: 'admin' }, source)
  t.match(row.prefix, /^chosen:[0-9a-f]{12}$/)
  t.equal(row.prefix, prefixOf(key))
  t.ok(matches(key, row))
  t.notOk(JSON.stringify(row).includes(key))
  t.match(prefixOf(`cm_000000000000_${'a'.repeat(42)}`), /^chosen:/, 'a key that is too short is not taken for an issued one')
})

t.test('when a key cannot be used', async (t) => {
  const at = (expiresAt: string | null, revokedAt: string | null = null) => unusable({ expiresAt, revokedAt }, NOW)
  t.equal(at(null), undefined)
  t.equal(at('2026-11-24T10:00:00.001Z'), undefined, 'a millisecond before its end')
  t.equal(at(NOW), 'expired', 'at its end')
  t.equal(at('2026-11-24T09:59:59.999Z'), 'expired')
  t.equal(at(null, NOW), 'revoked')
  t.equal(at('2020-01-01T00:00:00.000Z', NOW), 'revoked', 'what somebody did says more than the calendar')
})
