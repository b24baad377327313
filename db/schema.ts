import { type Kit, pgKit, sqliteKit } from './kit.ts'
import type { FieldChange } from './store.ts'

/** Every table of the registry, declared once for both engines. The tables for full text are in the migrations. */
export function defineSchema(k: Kit) {
  /** Every identifier that was ever given to a measure: none is used twice, not even after a draft was thrown away. */
  const measures = k.table('measures', {
    id: k.text('id').primaryKey(),
    createdAt: k.instant('created_at').notNull(),
    createdBy: k.text('created_by').notNull(),
    /** The version that readers see; null while there is none. */
    version: k.text('version')
  })

  /**
   * What lists and readers get: the finished public JSON of the published version and of the draft beside it, with the
   * codes it is filtered by. Everything here can be made again from `versions` and the draft's own content.
   */
  const documents = k.table(
    'documents',
    {
      no: k.serialKey('no'),
      measureId: k
        .text('measure_id')
        .notNull()
        .references(() => measures.id),
      kind: k.oneOf('kind', ['published', 'draft']).notNull(),
      /** Validator of exactly this JSON: the start of its SHA-256. */
      tag: k.text('tag').notNull(),
      json: k.text('json').notNull(),
      /** `field:code` of everything the document can be filtered by, as a JSON array. */
      codes: k.text('codes').notNull(),
      /** The language of the texts, and those that they are translated into, as BCP 47 tags separated by blanks. */
      languages: k.text('languages').notNull(),
      titleKey: k.text('title_key').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
      /** The day on which the maturity stops to hold by itself; null if it does not. */
      maturityUntil: k.text('maturity_until'),
      /** The key that opened the draft. */
      authorId: k.text('author_id')
    },
    (t) => [
      k.uniqueIndex('documents_measure_kind_key').on(t.measureId, t.kind),
      k.index('documents_maturity_until_idx').on(t.maturityUntil)
    ]
  )

  /** Published versions: never updated, never deleted. */
  const versions = k.table(
    'versions',
    {
      measureId: k
        .text('measure_id')
        .notNull()
        .references(() => measures.id),
      version: k.text('version').notNull(),
      /** 1 for the first version, 2 for the next: the order of publication. */
      ordinal: k.int('ordinal').notNull(),
      tag: k.text('tag').notNull(),
      json: k.text('json').notNull(),
      publishedAt: k.instant('published_at').notNull(),
      publishedBy: k.text('published_by').notNull(),
      changeNote: k.text('change_note')
    },
    (t) => [k.primaryKey({ columns: [t.measureId, t.version] }), k.uniqueIndex('versions_ordinal_key').on(t.measureId, t.ordinal)]
  )

  /** The words of the catalogue as people write them, to suggest one when a search finds nothing. */
  const words = k.table('words', { word: k.text('word').primaryKey(), length: k.int('length').notNull() }, (t) => [
    k.index('words_length_idx').on(t.length)
  ])

  /** The log of every change, numbered without gaps in the order of the commits. */
  const changes = k.table(
    'changes',
    {
      seq: k.int('seq').primaryKey(),
      at: k.instant('at').notNull(),
      kind: k.oneOf('kind', ['measure', 'gap', 'exercise', 'vocabulary']).notNull(),
      id: k.text('id').notNull(),
      action: k.text('action').notNull(),
      version: k.text('version'),
      actor: k.text('actor').notNull(),
      reason: k.text('reason'),
      fields: k.json<readonly FieldChange[]>('fields')
    },
    (t) => [k.index('changes_resource_idx').on(t.kind, t.id, t.seq)]
  )

  /** Keys: only a hash of the secret is kept. */
  const keys = k.table(
    'keys',
    {
      id: k.text('id').primaryKey(),
      name: k.text('name').notNull(),
      role: k.oneOf('role', ['contributor', 'reviewer', 'organiser', 'admin']).notNull(),
      /** A stakeholder group or organisation, if the key belongs to one. */
      group: k.text('group_name'),
      /** What comes before the secret: finds the row, and tells people which key they hold. */
      prefix: k.text('prefix').notNull(),
      hash: k.text('hash').notNull(),
      createdAt: k.instant('created_at').notNull(),
      createdBy: k.text('created_by').notNull(),
      expiresAt: k.instant('expires_at'),
      revokedAt: k.instant('revoked_at'),
      lastUsedAt: k.instant('last_used_at')
    },
    (t) => [k.uniqueIndex('keys_prefix_key').on(t.prefix)]
  )

  /** First answers to requests that carried an `Idempotency-Key`, kept for a day. */
  const replies = k.table(
    'replies',
    {
      keyId: k.text('key_id').notNull(),
      idempotencyKey: k.text('idempotency_key').notNull(),
      requestHash: k.text('request_hash').notNull(),
      status: k.int('status').notNull(),
      headers: k.json<Record<string, string>>('headers').notNull(),
      body: k.text('body').notNull(),
      at: k.instant('at').notNull()
    },
    (t) => [k.primaryKey({ columns: [t.keyId, t.idempotencyKey] }), k.index('replies_at_idx').on(t.at)]
  )

  return { measures, documents, versions, words, changes, keys, replies }
}

export type Tables = ReturnType<typeof defineSchema>

export const sqliteTables: Tables = defineSchema(sqliteKit)

/** The one cast of the two-engine design: at run time these are PostgreSQL tables. */
export const pgTables: Tables = defineSchema(pgKit as unknown as Kit)
