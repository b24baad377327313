import { type Kit, pgKit, sqliteKit } from './kit.ts'
import { defineExercises } from './schema.exercises.ts'
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
      authorId: k.text('author_id'),
      /** The record of a file that it was made from, if it was imported. */
      sourceNo: k.int('source_no')
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
      changeNote: k.text('change_note'),
      /** The record of a file that it was made from, if it was imported. */
      sourceNo: k.int('source_no')
    },
    (t) => [k.primaryKey({ columns: [t.measureId, t.version] }), k.uniqueIndex('versions_ordinal_key').on(t.measureId, t.ordinal)]
  )

  /** The identifiers that stand in a document, as `system|value`: by them a record that comes again finds its measure. */
  const identifiers = k.table(
    'identifiers',
    {
      documentNo: k
        .int('document_no')
        .notNull()
        .references(() => documents.no),
      key: k.text('key').notNull()
    },
    (t) => [k.primaryKey({ columns: [t.documentNo, t.key] }), k.index('identifiers_key_idx').on(t.key)]
  )

  /** Files that were imported, or looked at in a dry run, each with its report in short. */
  const imports = k.table(
    'imports',
    {
      id: k.text('id').primaryKey(),
      at: k.instant('at').notNull(),
      actorId: k.text('actor_id').notNull(),
      actor: k.text('actor').notNull(),
      state: k.oneOf('state', ['dry-run', 'committed', 'refused', 'reverted']).notNull(),
      /** Everything that the report says beside its rows. */
      summary: k.json<object>('summary').notNull(),
      revertedAt: k.instant('reverted_at'),
      revertedBy: k.text('reverted_by'),
      revertReason: k.text('revert_reason')
    },
    (t) => [k.index('imports_at_idx').on(t.at, t.id)]
  )

  /** What became of each row of an imported file. */
  const importRows = k.table(
    'import_rows',
    {
      importId: k
        .text('import_id')
        .notNull()
        .references(() => imports.id),
      /** The place in the file, counted from 0. */
      ordinal: k.int('ordinal').notNull(),
      /** The place in the order in which the rows went in: older releases go before newer ones. */
      position: k.int('position').notNull(),
      outcome: k.oneOf('outcome', ['created', 'updated', 'unchanged', 'draft-only', 'rejected']).notNull(),
      measureId: k.text('measure_id'),
      /** The row of the report as JSON. */
      json: k.text('json').notNull(),
      /** The record as it came, of rows that were rejected: to be mended and sent again. */
      record: k.text('record'),
      /** What undoes the row, as JSON. */
      undo: k.text('undo')
    },
    (t) => [
      k.primaryKey({ columns: [t.importId, t.ordinal] }),
      k.index('import_rows_measure_idx').on(t.measureId, t.importId),
      k.uniqueIndex('import_rows_position_key').on(t.importId, t.position)
    ]
  )

  /** Records as they came: the base of the next comparison, and what our fields do not hold of them. */
  const sources = k.table(
    'sources',
    {
      no: k.serialKey('no'),
      measureId: k
        .text('measure_id')
        .notNull()
        .references(() => measures.id),
      /** Canonical url of the measure elsewhere, if it has one. */
      url: k.text('url'),
      format: k.oneOf('format', ['fhir', 'json', 'csv', 'xlsx']).notNull(),
      /** SHA-256 of the record and of what was made of it. */
      hash: k.text('hash').notNull(),
      release: k.text('release'),
      releaseDate: k.text('release_date'),
      /** What was made of it, as JSON. */
      content: k.text('content').notNull(),
      /** The record itself, as JSON, where it holds more than that. */
      record: k.text('record'),
      importId: k.text('import_id').notNull(),
      at: k.text('place').notNull()
    },
    (t) => [
      k.index('sources_measure_idx').on(t.measureId, t.no),
      k.index('sources_url_idx').on(t.url),
      k.index('sources_hash_idx').on(t.hash)
    ]
  )

  /** What became of a measure where somebody put it to use. Withdrawn ones stay, and count no more. */
  const implementations = k.table(
    'implementations',
    {
      id: k.text('id').primaryKey(),
      measureId: k
        .text('measure_id')
        .notNull()
        .references(() => measures.id),
      /** The version that was used. */
      version: k.text('version').notNull(),
      at: k.instant('at').notNull(),
      actorId: k.text('actor_id').notNull(),
      actor: k.text('actor').notNull(),
      outcome: k.oneOf('outcome', ['implemented', 'modified', 'abandoned']).notNull(),
      /** The report as it was written. */
      content: k.json<object>('content').notNull(),
      confirmedAt: k.instant('confirmed_at'),
      confirmedBy: k.text('confirmed_by'),
      withdrawnAt: k.instant('withdrawn_at'),
      withdrawnBy: k.text('withdrawn_by'),
      withdrawReason: k.text('withdraw_reason')
    },
    (t) => [k.index('implementations_measure_idx').on(t.measureId, t.at, t.id)]
  )

  /** Contexts that somebody gave a name, so that others can open the same question. */
  const contexts = k.table(
    'contexts',
    {
      id: k.text('id').primaryKey(),
      name: k.text('name').notNull(),
      /** What readiness is asked for. */
      context: k.json<object>('context').notNull(),
      ownerId: k.text('owner_id').notNull(),
      owner: k.text('owner').notNull(),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull()
    },
    (t) => [k.index('contexts_owner_idx').on(t.ownerId, t.createdAt, t.id)]
  )

  /** Gaps: recorded by people, derived by rules, or adopted. Everything public of one is in its JSON. */
  const gaps = k.table(
    'gaps',
    {
      no: k.serialKey('no'),
      id: k.text('id').notNull(),
      origin: k.oneOf('origin', ['recorded', 'derived', 'adopted']).notNull(),
      status: k.text('status').notNull(),
      /** Where a report without a key stands: in the queue, accepted, or returned. Only what was accepted is public. */
      moderation: k.oneOf('moderation', ['queue', 'accepted', 'returned']).notNull(),
      /** What a rule found it in: `measure:pacic`, or a cell such as `cell:domain=transitions&served=language`. Null where a person recorded it. */
      subject: k.text('subject'),
      tag: k.text('tag').notNull(),
      json: k.text('json').notNull(),
      /** What it is filtered by, as a JSON object of lists. */
      codes: k.text('codes').notNull(),
      /** The terms that it is found by, separated by blanks. */
      terms: k.text('terms').notNull(),
      titleKey: k.text('title_key').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
      /** Until when a finding was put aside; null if it was not. */
      dismissedUntil: k.text('dismissed_until'),
      /** The key that recorded it. */
      authorId: k.text('author_id')
    },
    (t) => [
      k.uniqueIndex('gaps_id_key').on(t.id),
      k.index('gaps_subject_idx').on(t.subject),
      k.index('gaps_moderation_idx').on(t.moderation, t.no),
      k.index('gaps_dismissed_until_idx').on(t.dismissedUntil)
    ]
  )

  /** The measures that a gap names, where people wrote it; findings name the measure that they were found in. */
  const gapMeasures = k.table(
    'gap_measures',
    { gapId: k.text('gap_id').notNull(), measureId: k.text('measure_id').notNull(), role: k.text('role').notNull() },
    (t) => [k.primaryKey({ columns: [t.gapId, t.measureId] }), k.index('gap_measures_measure_idx').on(t.measureId)]
  )

  /** Which measures count for which cells of the catalogue: a cell without any is a gap. */
  const cells = k.table(
    'cells',
    {
      cell: k.text('cell').notNull(),
      measureId: k
        .text('measure_id')
        .notNull()
        .references(() => measures.id)
    },
    (t) => [k.primaryKey({ columns: [t.cell, t.measureId] }), k.index('cells_measure_idx').on(t.measureId)]
  )

  /** By which version of what the database was last brought up to date, such as the rules of gaps. */
  const marks = k.table('marks', { name: k.text('name').primaryKey(), value: k.text('value').notNull() })

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

  return {
    measures,
    documents,
    versions,
    identifiers,
    imports,
    importRows,
    sources,
    implementations,
    contexts,
    gaps,
    gapMeasures,
    cells,
    marks,
    ...defineExercises(k),
    words,
    changes,
    keys,
    replies
  }
}

export type Tables = ReturnType<typeof defineSchema>

export const sqliteTables: Tables = defineSchema(sqliteKit)

/** The one cast of the two-engine design: at run time these are PostgreSQL tables. */
export const pgTables: Tables = defineSchema(pgKit as unknown as Kit)
