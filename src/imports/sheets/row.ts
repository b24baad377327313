/** A row of a sheet, or an object of a list that is not ours, as a measure: by a mapping, cell by cell. */
import { URI_SYSTEM } from '../../measures/identifiers.ts'
import { SEMVER } from '../../measures/measure.schema.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { Interpreted } from '../candidate.ts'
import { type Cell, cellOf, readCell } from './cells.ts'
import { columnOf, DETAILS, type FieldColumn, IDENTIFIERS, isList, translationOf } from './columns.ts'
import { withDetails } from './details.ts'
import { Findings } from './findings.ts'
import { type ColumnMapping, type ColumnTarget, targetOf } from './mapping.ts'
import { selectCell } from './selecting.ts'
import { canonicalCode, isObject } from './tidying.ts'

/** What a spreadsheet writes where it could not calculate: such a row is no comment. */
const COMMENT = /^\s*#(?!(?:N\/A|VALUE!|REF!|NAME\?|DIV\/0!|NUM!|NULL!))/

/** Whether a row explains something, as in the template, and is not a measure. */
export const isComment = (cells: readonly string[]): boolean => COMMENT.test(cells[0] ?? '')

/**
 * The measure of a row. `cells` are by heading: texts, or for lists of JSON several texts. Columns that the mapping does not name
 * are left alone. Nothing is thrown: what cannot be read is among the errors.
 */
export function measureFromRow(cells: Readonly<Record<string, unknown>>, mapping: ColumnMapping, lists: Vocabularies): Interpreted {
  const row = new Row(lists)
  const entries = Object.entries(mapping).flatMap(([heading, entry]) => (entry === null ? [] : [[heading, targetOf(entry)] as const]))
  for (const [heading, target] of entries) {
    if (!target.always) row.take(heading, Object.hasOwn(cells, heading) ? cellOf(cells[heading]) : '', target)
  }
  for (const [heading, target] of entries) if (target.always) row.fill(heading, target)
  return row.interpreted()
}

/** What the cells of one row said, by the name of the field column. */
class Row {
  readonly #lists: Vocabularies
  readonly #findings = new Findings()
  readonly #said = new Map<string, { readonly heading: string; readonly value: unknown }>()
  readonly #classified = new Set<string>()

  constructor(lists: Vocabularies) {
    this.#lists = lists
  }

  take(heading: string, cell: Cell, target: ColumnTarget): void {
    const column = columnOf(target.field)
    if (!column) return
    const place = { column: heading, field: fieldOf(column) }
    const selected = selectCell(cell, target, column, this.#findings, place)
    const value = selected === undefined ? undefined : this.#read(heading, selected, target, column)
    if (value === undefined || (isList(column) && (value as unknown[]).length === 0)) return
    const before = this.#said.get(column.name)
    if (before && !isList(column)) {
      const detail = `"${before.heading}" fills the field as well, and it holds one value.`
      this.#findings.refuse(place, cell, { code: 'ambiguous', detail, mend: 'Leave one of the two cells empty.' })
    } else this.#said.set(column.name, { heading, value: before ? joined(before.value, value) : value })
  }

  /** A value for every row: it does not stand in the record, and gives way to what does. */
  fill(heading: string, target: ColumnTarget): void {
    const column = columnOf(target.field)
    const before = column && this.#said.get(column.name)
    if (!column || target.value === undefined || (before && !isList(column))) return
    const value = this.#read(heading, target.value, target, column)
    if (value === undefined) return
    const whole = before ? joined(before.value, value) : value
    if (before && (whole as unknown[]).length === (before.value as unknown[]).length) return
    this.#said.set(column.name, { heading, value: whole })
    this.#classified.add(fieldOf(column))
  }

  #read(heading: string, cell: Cell, { value, separator }: ColumnTarget, column: FieldColumn): unknown {
    const place = { column: heading, field: fieldOf(column) }
    // A value of the mapping has our form, whatever stands between the items of the cells.
    const between = value === undefined ? separator : undefined
    return readCell(cell, { column, place, findings: this.#findings, lists: this.#lists, separator: between })
  }

  interpreted(): Interpreted {
    const content: Record<string, unknown> = {}
    for (const [name, { value }] of this.#said) if (isPlain(name)) put(content, name.split('.'), value)
    for (const field of ['stratifiers', 'dataSources']) put(content, [field], this.#withDetails(field))
    put(content, ['translations'], this.#translations())
    const release = this.#text('release')
    put(content, ['identifiers'], this.#identifiers(release))
    const [id, date, url] = [this.#text('id'), this.#text('releaseDate'), urlOf(content['identifiers'])]
    return {
      content,
      identity: { ...(id && { id }), ...(url && { url }), ...(release && { release }), ...(date && { date }) },
      classified: [...this.#classified],
      errors: this.#findings.errors,
      warnings: this.#findings.warnings
    }
  }

  #text(name: string): string | undefined {
    return this.#said.get(name)?.value as string | undefined
  }

  #withDetails(field: string): unknown {
    const details = this.#said.get(`${field}${DETAILS}`)
    const column = columnOf(field) as FieldColumn
    return withDetails(column, this.#said.get(field)?.value, details?.value, (left) => {
      const detail = `The column "${field}" does not name it, so that its details are left out.`
      this.#findings.warn({ column: details?.heading ?? '', field }, left, { code: 'kept-apart', detail })
    })
  }

  /** Columns of one language go into what the column of JSON says of it, and before it. */
  #translations(): object | undefined {
    const whole = this.#said.get('translations')?.value
    if (whole !== undefined && !isObject(whole)) return whole as object
    const translations = new Map(Object.entries(whole ?? {}))
    const headings = new Map<string, string>()
    for (const [name, { heading, value }] of this.#said) {
      const { tag, member } = translationOf(name) ?? {}
      if (tag === undefined || member === undefined) continue
      const place = { column: heading, field: name }
      const code = canonicalCode(this.#lists, this.#findings, place, 'language', tag)
      if (code === undefined) {
        this.#findings.refuse(place, tag, { code: 'unknown-code', detail: 'It is not a language tag (BCP 47).' })
        continue
      }
      const other = headings.get(`${code} ${member}`)
      if (other !== undefined)
        this.#findings.refuse(place, value, { code: 'ambiguous', detail: `"${other}" holds the same text in the same language.` })
      headings.set(`${code} ${member}`, heading)
      const texts = translations.get(code)
      translations.set(code, { ...(isObject(texts) ? texts : {}), [member]: value })
    }
    return translations.size > 0 ? Object.fromEntries(translations) : (whole as object | undefined)
  }

  /** Each once; with the version that their publisher gave, since versions of the registry are its own. */
  #identifiers(release: string | undefined): unknown[] | undefined {
    const pairs = (this.#said.get('identifiers')?.value ?? []) as Identifier[]
    const bySystem = [...this.#said].flatMap(([name, { value }]) => {
      if (!name.startsWith(IDENTIFIERS)) return []
      const system = name.slice(IDENTIFIERS.length).trim()
      return (value as string[]).map((each): Identifier => ({ system, value: each }))
    })
    const identifiers = joined(pairs, bySystem) as Identifier[]
    if (release !== undefined) identifiers.push(this.#versionIdentifier(identifiers[0]?.system, release))
    return identifiers.length > 0 ? identifiers : undefined
  }

  #versionIdentifier(issuer: string | undefined, release: string): Identifier {
    if (!new RegExp(SEMVER).test(release))
      this.#findings.warn({ column: this.#said.get('release')?.heading ?? '', field: 'identifiers' }, release, {
        code: 'version-as-identifier',
        detail: 'Versions of the registry are its own; what its publisher calls this one is kept as an identifier.'
      })
    return { system: issuer === undefined ? 'version' : `${issuer} version`, value: release }
  }
}

interface Identifier {
  readonly system: string
  readonly value: string
}

/** The field of a measure that a column is of. */
const fieldOf = ({ name }: FieldColumn): string =>
  name.endsWith(DETAILS) ? name.slice(0, -DETAILS.length) : name.startsWith(IDENTIFIERS) ? 'identifiers' : name

/** Whether a column goes into the content as it is, by its path. */
const isPlain = (name: string): boolean =>
  !['id', 'release', 'releaseDate', 'identifiers', 'stratifiers', 'dataSources', 'translations'].includes(name) &&
  !name.endsWith(DETAILS) &&
  !name.startsWith(IDENTIFIERS) &&
  !translationOf(name)

const joined = (before: unknown, more: unknown): unknown[] => {
  const items = [...(before as unknown[]), ...(more as unknown[])]
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

/** Puts a value at a path of known columns; makes the objects on the way. */
function put(content: Record<string, unknown>, path: readonly string[], value: unknown): void {
  if (value === undefined) return
  const [name, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) content[name] = value
  else put((content[name] ??= {}) as Record<string, unknown>, rest, value)
}

/** The canonical url of a measure that another publisher has: its identifier that is an address, without a version behind it. */
function urlOf(identifiers: unknown): string | undefined {
  const url = ((identifiers ?? []) as Identifier[]).find(({ system }) => system === URI_SYSTEM)?.value
  return url?.split('|', 1)[0] || undefined
}
