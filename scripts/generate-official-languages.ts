/**
 * Writes the official languages of places, from Unicode CLDR and, for parts of countries, by hand.
 *
 *   node scripts/generate-official-languages.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import territories from 'cldr-core/supplemental/territoryInfo.json' with { type: 'json' }
import jurisdictions from '../db/catalogue/vocabularies/jurisdiction.json' with { type: 'json' }

const HELP = `node scripts/generate-official-languages.ts [--check]
Writes official-languages.json and main-languages.json in src/readiness, from Unicode CLDR as the package cldr-core carries it.
With --check, writes nothing and fails if a file is out of date.`

/** Regional languages that fewer people of a country speak are told of their region only. */
const MIN_PERCENT = 1

/** An official language that a measure for a whole country cannot do without: at least so many of its people speak it. */
const MAIN_PERCENT = 15

/** Countries where nearly all who speak a second official language read the first as well: no measure leaves them out for that. */
const READ_BOTH: ReadonlySet<string> = new Set(['IE', 'MT'])

/** What CLDR says of a language in a country; it writes scripts after an underscore. */
interface Speakers {
  readonly _populationPercent: string
  readonly _officialStatus?: string
}
const INFO = territories.supplemental.territoryInfo as Readonly<
  Record<string, { readonly languagePopulation?: Readonly<Record<string, Speakers>> } | undefined>
>

/** Languages that CLDR counts and has no name for: no record can name them either. */
const NAMELESS = ['cak', 'mdh', 'sav', 'tsg', 'wni', 'zdj']

/** Countries of which CLDR says something else than the law, or than the records. */
const COUNTRIES: Record<string, string> = {
  // Federal Constitution, articles 4 and 70. CLDR adds Swiss German, which is spoken, and has Romansh below the threshold.
  CH: 'de fr it rm',
  // Constitution, article 6. CLDR adds Swiss German here as well.
  LI: 'de',
  // CLDR has Bokmål and Nynorsk beside `no`, which is both; records say `no`.
  NO: 'no',
  SJ: 'no',
  // Constitution, article 10. The law that made Russian a regional language was annulled in 2018.
  UA: 'uk'
}

/** What CLDR does not know: parts of countries, the most spoken first. Parts that are not listed have the languages of the whole. */
const PARTS: Record<string, string> = {
  // Constitution of Belgium, articles 2 to 4. German is official in nine municipalities of the province of Liège.
  'BE-BRU': 'fr nl',
  'BE-VLG': 'nl',
  'BE-VAN': 'nl',
  'BE-VBR': 'nl',
  'BE-VLI': 'nl',
  'BE-VOV': 'nl',
  'BE-VWV': 'nl',
  'BE-WAL': 'fr de',
  'BE-WBR': 'fr',
  'BE-WHT': 'fr',
  'BE-WLG': 'fr de',
  'BE-WLX': 'fr',
  'BE-WNA': 'fr',
  // Constitutions of the cantons; in the others German alone.
  ...Object.fromEntries('AG AI AR BL BS GL LU NW OW SG SH SO SZ TG UR ZG ZH'.split(' ').map((canton) => [`CH-${canton}`, 'de'])),
  'CH-BE': 'de fr',
  'CH-FR': 'fr de',
  'CH-GE': 'fr',
  'CH-GR': 'de rm it',
  'CH-JU': 'fr',
  'CH-NE': 'fr',
  'CH-TI': 'it',
  'CH-VD': 'fr',
  'CH-VS': 'fr de',
  // Statutes of the autonomous communities; Valencian is Catalan by another name. In the others Spanish alone.
  ...Object.fromEntries('AN AR AS CB CE CL CM CN EX MC MD ML RI'.split(' ').map((community) => [`ES-${community}`, 'es'])),
  'ES-CT': 'es ca oc',
  'ES-GA': 'gl es',
  'ES-IB': 'es ca',
  'ES-NC': 'es eu',
  'ES-PV': 'es eu',
  'ES-VC': 'es ca',
  // Welsh Language (Wales) Measure 2011; Scottish Languages Act 2025; Identity and Language (Northern Ireland) Act 2022.
  'GB-ENG': 'en',
  'GB-NIR': 'en ga',
  'GB-SCT': 'en sco gd',
  'GB-WLS': 'en cy'
}

const percent = ({ _populationPercent }: Speakers) => Number(_populationPercent)

function isOfficial(speakers: Speakers): boolean {
  const { _officialStatus: status } = speakers
  return status === 'official' || status === 'de_facto_official' || (status === 'official_regional' && percent(speakers) >= MIN_PERCENT)
}

/** The official languages of a country, the most spoken first; once where it is written in several scripts. */
function languagesOf(country: string): string[] {
  const official = Object.entries(INFO[country]?.languagePopulation ?? {}).filter(([, speakers]) => isOfficial(speakers))
  const tags = official.sort(([a, x], [b, y]) => percent(y) - percent(x) || (a < b ? -1 : 1)).map(([code]) => code.replace('_', '-'))
  return tags.filter((tag) => !NAMELESS.includes(tag) && !tags.some((other) => tag.startsWith(`${other}-`)))
}

const countries = jurisdictions.concepts.map(({ code }) => code).filter((code) => /^[A-Z]{2}$/.test(code))
const found: [place: string, languages: string[]][] = [
  ...countries.map((code): [string, string[]] => [code, COUNTRIES[code]?.split(' ') ?? languagesOf(code)]),
  ...Object.entries(PARTS).map(([code, tags]): [string, string[]] => [code, tags.split(' ')])
]
const main = countries.map((code): [string, string[]] => {
  const official = found.find(([place]) => place === code)![1]
  const speakers = INFO[code]?.languagePopulation ?? {}
  // Regional ones are official in a part only, and many count whom they were taught to at school.
  const isMain = (known: Speakers | undefined) => known && known._officialStatus !== 'official_regional' && percent(known) >= MAIN_PERCENT
  return [code, official.filter((tag, i) => i === 0 || (!READ_BOTH.has(code) && isMain(speakers[tag.replace('-', '_')])))]
})

const textOf = (places: readonly [place: string, languages: readonly string[]][]) => {
  const lines = places
    .filter(([, languages]) => languages.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, languages]) => `  "${place}": [${languages.map((tag) => `"${tag}"`).join(', ')}]`)
  return `{\n${lines.join(',\n')}\n}\n`
}

const files = [
  ['official-languages', textOf(found)],
  ['main-languages', textOf(main)]
] as const
for (const [name, text] of process.argv.includes('--help') ? [] : files) {
  const target = join(import.meta.dirname, `../src/readiness/${name}.json`)
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text)
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`src/readiness/${name}.json is out of date: run npm run generate`)
    process.exitCode = 1
  }
}
if (process.argv.includes('--help')) console.log(HELP)
