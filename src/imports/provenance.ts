/** Where the facts of an imported measure come from: the file, the row, the day and who brought it. */
import { isEmpty } from '../measures/completeness.ts'
import { FIELDS, type MeasureContent } from '../measures/measure.schema.ts'

type Entry = NonNullable<MeasureContent['provenance']>[number]

/** What is known of an import when its rows are looked at. */
export interface Bringing {
  /** Name of the file, or what it is where it has none. */
  readonly file: string
  /** Who brought it. */
  readonly name: string
  /** The day (ISO 8601). */
  readonly day: string
}

const MAX_FIELDS = 100
const COMPOSITE = new Set(['specification', 'instrument', 'licence', 'testing', 'development'])

/** The fields of a record as the paths that provenance uses: `title`, `specification.numerator`. */
export function pathsOf(content: Partial<MeasureContent>): string[] {
  return FIELDS.filter((field) => field !== 'provenance' && !isEmpty(content[field])).flatMap((field) =>
    COMPOSITE.has(field) ? Object.keys(content[field] as object).map((member) => `${field}.${member}`) : [field]
  )
}

/**
 * The content with its provenance. What stands in the record is seen there; what follows from it by a table of ours is
 * classified. Fields of which the record itself says where they come from keep that: an import never makes a fact any firmer.
 */
export function withProvenance(
  content: Partial<MeasureContent>,
  classified: readonly string[],
  at: string,
  { file, name, day }: Bringing,
  url?: string
): Partial<MeasureContent> {
  const given = content.provenance ?? []
  const spoken = new Set(given.flatMap(({ fields }) => fields.map((path) => path.split('.', 1)[0]!)))
  const open = pathsOf(content).filter((path) => !spoken.has(path.split('.', 1)[0]!))
  const isClassified = (path: string) =>
    classified.some((other) => path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`))
  const source = `Imported from ${file}, ${at}, by ${name}.`
  const entry = (fields: string[], rest: Pick<Entry, 'status' | 'note'>): Entry[] =>
    fields.length === 0
      ? []
      : [{ fields: fields.slice(0, MAX_FIELDS), source, ...(url && URL.canParse(url) ? { url } : {}), retrieved: day, ...rest }]
  const provenance = [
    ...given,
    ...entry(
      open.filter((path) => !isClassified(path)),
      { status: 'seen' }
    ),
    ...entry(open.filter(isClassified), { status: 'classified', note: 'Follows from codes of the record by a table of the registry.' })
  ]
  return provenance.length > 0 ? { ...content, provenance } : content
}
