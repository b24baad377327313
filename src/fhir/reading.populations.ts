/**
 * The groups of a measure and their populations. A population in FHIR is a computable criterion with an optional description
 * (http://hl7.org/fhir/R4/measure-definitions.html#Measure.group.population); the field holds plain language, so the description
 * goes first, and a bare expression is said to be one.
 */
import { PopulationGroup, Specification } from '../measures/measure.parts.ts'
import { type Entry, entryFor, type Table, wordsOf } from './concept.ts'
import { extensionsOf } from './extensions.ts'
import { type Findings, named } from './findings.ts'
import measurePopulation from './knowledge/measure-population.json' with { type: 'json' }
import { at, each, type Place, textAt } from './place.ts'
import { fitted, fittedList, readLine, readText } from './texts.ts'

export const POPULATIONS: Table = measurePopulation

const GROUP = PopulationGroup.properties

/** The groups that the field has room for. */
export const groupsOf = (findings: Findings, resource: Place): Place[] =>
  fittedList(
    findings,
    at(resource, 'group'),
    { field: 'specification.groups', schema: Specification.properties.groups },
    each(at(resource, 'group'))
  )

/** What holds for each group alike. */
interface Context {
  readonly isOnly: boolean
  /** Where the expressions are defined. */
  readonly library: string | undefined
  /** What the measure as a whole says of itself. */
  readonly description: string | undefined
}

/** The texts of each group by our names of populations; where there are several, with their titles. */
export function readGroups(findings: Findings, resource: Place, groups: readonly Place[]): Record<string, string>[] {
  const context: Context = {
    isOnly: groups.length === 1,
    library: textAt(each(at(resource, 'library'))[0] ?? resource),
    description: textAt(at(resource, 'description'))
  }
  return groups.map((group, i) => {
    findings.foundAt(`groups ${i}`, group)
    const base = context.isOnly ? 'specification' : `specification.groups.${i}`
    return { ...readTitle(findings, group, i, context), ...readPopulations(findings, group, { ...context, index: i, base }) }
  })
}

/** What tells a group from the others: its code in words, or else its description. The only group needs no title. */
function readTitle(findings: Findings, group: Place, i: number, { isOnly, description: whole }: Context): { readonly title?: string } {
  const target = { field: `specification.groups.${i}.title`, schema: GROUP.title }
  const coded = wordsOf(at(group, 'code'))
  const description = at(group, 'description')
  const isTitle = !isOnly && coded === undefined
  if (!isTitle && ![undefined, whole].includes(textAt(description))) findings.keepApart('group.description')
  if (isOnly) return {}
  if (coded !== undefined) return { title: fitted(findings, at(group, 'code'), target, coded.trim()) }
  return { title: readLine(findings, description, target) ?? readLine(findings, at(group, 'id'), target) ?? `Group ${i + 1}` }
}

interface GroupContext extends Context {
  readonly index: number
  /** The path of the fields of this group. */
  readonly base: string
}

/** The name under which the places of a population are remembered. */
export const populationKey = (group: number, name: string) => `groups ${group} ${name}`

function readPopulations(findings: Findings, group: Place, context: GroupContext): Record<string, string> {
  const texts = new Map<string, Set<string>>()
  const bare: Place[] = []
  for (const population of each(at(group, 'population'))) {
    const entry = knownPopulation(findings, population)
    const read = entry && readPopulation(findings, population, entry, context)
    if (!entry || read?.text === undefined) continue
    if (read.isBare) bare.push(population)
    findings.foundAt(populationKey(context.index, entry.to), population)
    texts.set(entry.to, (texts.get(entry.to) ?? new Set()).add(read.text))
  }
  if (bare[0])
    findings.warn(bare[0], {
      code: 'kept-apart',
      field: 'specification',
      detail: 'Who is counted is defined in its library; the text only names the expression.',
      mend: 'Describe the populations in words.'
    })
  return Object.fromEntries([...texts].map(([name, parts]) => [name, joined(findings, group, `${context.base}.${name}`, parts)]))
}

function knownPopulation(findings: Findings, population: Place): (Entry & { readonly to: string }) | undefined {
  if (extensionsOf(population).length > 0) findings.keepApart('group.population.extension')
  const code = at(population, 'code')
  const entry = entryFor(POPULATIONS, code)
  if (entry?.to !== undefined) return { ...entry, to: entry.to }
  const words = wordsOf(code)
  const detail = `A population ${words === undefined ? 'without a code' : `"${named([words])}"`} is none of those that the field holds.`
  findings.warn(population, { code: 'kept-apart', field: 'specification', detail })
  return undefined
}

/** A ratio has several observations, and may have two initial populations. */
const joined = (findings: Findings, group: Place, field: string, parts: ReadonlySet<string>) =>
  fitted(findings, at(group, 'population'), { field, schema: GROUP.numerator }, [...parts].join('\n\n'))

/** In this order: its description, its code in words of its own, the description of its criteria, and the name of the expression. */
function readPopulation(findings: Findings, population: Place, { to, display }: Entry, { base, library }: GroupContext) {
  const target = { field: `${base}.${to}`, schema: GROUP.numerator }
  const criteria = at(population, 'criteria')
  for (const place of [at(population, 'description'), at(population, 'code', 'text'), at(criteria, 'description')]) {
    const text = readText(findings, place, target)
    // What the code itself is called says nothing of this measure.
    if (text !== undefined && text.toLowerCase() !== display.toLowerCase()) return { text, isBare: false }
  }
  const expression = at(criteria, 'expression')
  const name = textAt(expression)?.trim()
  if (name === undefined) return undefined
  const language = textAt(at(criteria, 'language'))
  if (language === 'text/plain') return { text: readText(findings, expression, target), isBare: false }
  const how = language === undefined ? '' : ` (${language})`
  const where = library === undefined ? '' : ` of ${library}`
  return { text: fitted(findings, criteria, target, `Defined by the expression "${name}"${how}${where}`), isBare: true }
}
