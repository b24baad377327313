import { type Facts, type Finding, finding, gate } from '../gate.ts'
import { type Basis, basisOfAll } from '../provenance.ts'
import { named, reason } from '../reason.ts'
import { WORKING_FIGURES } from '../working-figures.ts'

interface Common {
  /** Whether the record says where it has been used or tested. */
  readonly hasPlaces: boolean
  readonly basis: Basis
}
/** The places within a country, the country itself among them; or an area wider than a country. */
type Entry = readonly string[]
interface Told {
  readonly places: readonly string[]
}

/** Does it fit the rules and codes of the place? One finding for each jurisdiction. Never having been used somewhere forbids nothing. */
export const rules = gate<Common, Entry, Told>({
  id: 'rules',
  reads: ['jurisdictions', 'use'],
  asks: ['jurisdiction', 'horizonDays'],
  source: 'FHIR Measure.jurisdiction; ISO 3166; UN M49',
  facts: (measure, basis) => {
    const used = (measure.use ?? []).flatMap(({ jurisdiction }) => jurisdiction ?? [])
    const places = [...new Set([...(measure.jurisdictions ?? []), ...used])].sort()
    return {
      common: { hasPlaces: places.length > 0, basis: basisOfAll(measure, basis, ['jurisdictions', 'use']) },
      entries: Object.groupBy(places, countryOf) as Record<string, Entry>,
      told: { places }
    }
  },
  keys: ({ jurisdiction = [] }) => jurisdiction.flatMap(keysOf),
  silent: { places: [] },
  judge: (facts, { jurisdiction }) =>
    jurisdiction
      ? jurisdiction.map((asked) => ({ ...judged(facts, asked), about: { jurisdiction: asked } }))
      : [finding('not-asked', reason('rules.not-asked'))]
})

const WORLD = '001'
const UNION = 'EU'
/** Members of the European Union. */
const MEMBERS: ReadonlySet<string> = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '))

const countryOf = (code: string) => code.split('-', 1)[0]!
const keysOf = (asked: string): string[] => [...new Set([countryOf(asked), WORLD, UNION, ...(asked === UNION ? MEMBERS : [])])]
const isWithin = (part: string, whole: string) =>
  part !== whole && (whole === WORLD || countryOf(part) === whole || (whole === UNION && MEMBERS.has(countryOf(part))))

function judged({ common: { hasPlaces, basis }, entries, told }: Facts<Common, Entry, Told>, asked: string): Finding {
  if (!hasPlaces) return finding('unknown', reason('rules.unknown'), { closesWith: reason('rules.close.unknown'), basis })
  const places = keysOf(asked).flatMap((key) => entries[key] ?? [])
  const jurisdiction = named('jurisdiction', asked)
  if (places.includes(asked)) return finding('pass', reason('rules.used', { jurisdiction }), { basis })
  const wider = places.filter((place) => isWithin(asked, place))
  if (wider.length > 0) return finding('pass', reason('rules.wider', { jurisdiction, found: named('jurisdiction', ...wider) }), { basis })
  // Every place is a part of the world.
  const parts = asked === WORLD ? told.places : places.filter((place) => isWithin(place, asked))
  if (asked === WORLD || parts.length > 0)
    return finding('pass', reason('rules.part', { jurisdiction, found: named('jurisdiction', ...parts) }), { basis })
  return finding('conditional', reason('rules.elsewhere', { jurisdiction, found: named('jurisdiction', ...told.places) }), {
    closesWith: reason('rules.close.elsewhere', { jurisdiction }),
    days: WORKING_FIGURES.adaptation.days,
    basis
  })
}
