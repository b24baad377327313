/** What a workbook (ECMA-376) holds: whether it is safe, and which of its sheets is the one to read. */
import type { Note } from '../note.ts'
import type { Archive } from './archive.ts'
import { malformed, unsafe } from './unreadable.ts'
import { attribute, scanWholeXml, type XmlHandler } from './xml.ts'

const WORKBOOK = 'xl/workbook.xml'
const RELATIONS = 'xl/_rels/workbook.xml.rels'
const TYPES = '[Content_Types].xml'

/** Parts that do something, or fetch something, when the workbook is opened. */
const UNSAFE: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)vba\w*\.(?:bin|xml)$/i, 'macros'],
  [/^xl\/(?:macrosheets|dialogsheets)\//i, 'macros'],
  [/^xl\/externalLinks\//i, 'links to other workbooks'],
  [/^xl\/embeddings\//i, 'embedded files'],
  [/^xl\/activeX\//i, 'ActiveX controls'],
  [/^customUI\//i, 'changes to the menus'],
  [/^xl\/(?:connections\.xml$|queryTables\/)/i, 'connections to other data']
]

/** Sheets with this name hold the codes of our template. */
const CODES = 'codes'

/** The sheet to read, and where its parts stand. */
export interface FoundSheet {
  readonly name: string
  /** Names of the other sheets that people see. */
  readonly others: readonly string[]
  readonly part: string
  readonly sharedStrings: string | undefined
  readonly styles: string | undefined
  /** Whether days are counted from 1904, as they were on early Macs. */
  readonly isFrom1904: boolean
}

/** Reads every part through before it trusts any. */
export async function findSheet(archive: Archive): Promise<FoundSheet> {
  checkParts(archive)
  const book = new Book()
  const contents = new Map<string, Content>()
  for (const part of archive.names.filter((name) => /\.(?:xml|rels)$/i.test(name))) {
    const content = new Content()
    contents.set(part, content)
    await scanWholeXml(part, archive.read(part), book.readerOf(part) ?? content)
  }
  const sheets = book.sheets.flatMap(({ name, isHidden, relation }) => {
    const part = book.targets.get(relation)
    return isHidden || name.toLowerCase() === CODES || part === undefined || !contents.has(part) ? [] : [{ name, part }]
  })
  const found = sheets.find(({ part }) => contents.get(part)!.isThere)
  if (!found) throw malformed('No sheet of the workbook that can be seen holds anything.')
  const others = sheets.filter((sheet) => sheet !== found).map(({ name }) => name)
  const known = (part: string | undefined) => (part !== undefined && archive.has(part) ? part : undefined)
  return { ...found, others, sharedStrings: known(book.sharedStrings), styles: known(book.styles), isFrom1904: book.isFrom1904 }
}

function checkParts(archive: Archive): void {
  const places: Note[] = []
  for (const name of archive.names)
    for (const [pattern, what] of UNSAFE)
      if (pattern.test(name)) places.push({ code: 'unreadable', detail: `The workbook holds ${what}.`, found: name })
  const [first] = places
  if (first)
    throw unsafe(`${first.detail.slice(0, -1)} (the part ${first.found}). Save it as a plain .xlsx without them, or as CSV UTF-8.`, places)
  if (!archive.has(WORKBOOK) || !archive.has(RELATIONS))
    throw malformed('This is no .xlsx workbook. Open it in a spreadsheet program and save it as .xlsx.')
}

/** Whether anything stands in a sheet. */
class Content implements XmlHandler {
  isThere = false

  open(name: string): void {
    if (name === 'v' || name === 'is') this.isThere = true
  }
}

interface ListedSheet {
  readonly name: string
  readonly isHidden: boolean
  readonly relation: string
}

/** What the parts about the workbook as a whole say. */
class Book {
  readonly sheets: ListedSheet[] = []
  /** Parts by the relation under which sheets name them. */
  readonly targets = new Map<string, string>()
  sharedStrings: string | undefined
  styles: string | undefined
  isFrom1904 = false

  readerOf(part: string): XmlHandler | undefined {
    if (part === WORKBOOK) return { open: (name, attributes) => this.#readBook(name, attributes) }
    if (part === RELATIONS) return { open: (name, attributes) => this.#readRelation(name, attributes) }
    if (part === TYPES) return { open: (_name, attributes) => refuseMacros(attributes) }
    return undefined
  }

  #readBook(name: string, attributes: string): void {
    if (name === 'workbookPr') this.isFrom1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '')
    if (name !== 'sheet') return
    this.sheets.push({
      name: attribute(attributes, 'name') ?? '',
      isHidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
      relation: attribute(attributes, 'id') ?? ''
    })
  }

  #readRelation(name: string, attributes: string): void {
    if (name !== 'Relationship') return
    const target = attribute(attributes, 'Target') ?? ''
    const part = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
    const type = attribute(attributes, 'Type') ?? ''
    if (type.endsWith('/worksheet')) this.targets.set(attribute(attributes, 'Id') ?? '', part)
    else if (type.endsWith('/sharedStrings')) this.sharedStrings = part
    else if (type.endsWith('/styles')) this.styles = part
  }
}

/** A workbook with macros says so in its type, whatever its parts are named. */
function refuseMacros(attributes: string): void {
  if (/macro|vbaProject/i.test(attribute(attributes, 'ContentType') ?? ''))
    throw unsafe('The workbook holds macros (.xlsm). Save it as a plain .xlsx without them, or as CSV UTF-8.')
}
