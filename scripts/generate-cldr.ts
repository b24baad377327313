/**
 * Writes the two open vocabularies, `jurisdiction` and `language`, with labels from Unicode CLDR as Node carries it.
 *
 *   node scripts/generate-cldr.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConceptFile, LABEL_LANGUAGES, type LabelLanguage, type VocabularyFile } from '../src/vocabularies/vocabulary.schema.ts'

const HELP = `node scripts/generate-cldr.ts [--check]
Writes jurisdiction.json and language.json in db/catalogue/vocabularies, with labels from Unicode CLDR.
With --check, writes nothing and fails if a file is out of date; a Node with another CLDR cannot tell, and says so.`

/** ISO 3166-1 alpha-2, the 249 codes officially assigned. */
const COUNTRIES = `
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK
CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`

/** ISO 639-1, in the form that BCP 47 prefers: `fil` for the older `tl`. */
const LANGUAGES = `
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fil
fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw
ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro
ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tn to tr ts tt ty ug uk ur uz ve vi vo wa wo xh yi yo
za zh zu`

/** Varieties that instruments of the catalogue have been validated in. */
const VARIETIES = 'ar-MA es-AR es-US fr-CA pt-BR yue-HK zh-CN zh-HK zh-TW'

type Labels = Record<LabelLanguage, string>
type ByHand = Omit<ConceptFile, 'labels' | 'checked'> & { labels?: Labels }

const ISO_3166_1 = 'urn:iso:std:iso:3166'
const ISO_3166_2 = 'urn:iso:std:iso:3166:-2'
const UN_M49 = 'http://unstats.un.org/unsd/methods/m49/m49.htm'
const BCP_47 = 'urn:ietf:bcp:47'

const subdivision = (code: string, en: string, nl: string, fr: string, de: string, es: string): ByHand => ({
  code,
  labels: { en, nl, fr, de, es },
  broader: code.slice(0, 2),
  codings: [{ system: ISO_3166_2, code }]
})

/** What ISO 3166-1 does not assign: areas wider than a country, parts of one, and Kosovo. */
const OTHER_JURISDICTIONS: ByHand[] = [
  {
    code: '001',
    definition: 'The whole world, for what is used or defined without regard to country.',
    codings: [{ system: UN_M49, code: '001', display: 'World' }]
  },
  { code: 'EU', definition: 'The European Union; reserved in ISO 3166-1 for that use, not assigned as a country.' },
  { code: 'XK', definition: 'Kosovo, by a user-assigned code in common use; no position on its status is taken.' },
  subdivision('GB-ENG', 'England', 'Engeland', 'Angleterre', 'England', 'Inglaterra'),
  subdivision('GB-SCT', 'Scotland', 'Schotland', 'Écosse', 'Schottland', 'Escocia'),
  subdivision('US-CA', 'California', 'Californië', 'Californie', 'Kalifornien', 'California'),
  subdivision('US-MN', 'Minnesota', 'Minnesota', 'Minnesota', 'Minnesota', 'Minnesota'),
  subdivision('US-NH', 'New Hampshire', 'New Hampshire', 'New Hampshire', 'New Hampshire', 'Nuevo Hampshire')
]

/** Languages that CLDR has no name for, or none of their own: it calls Twi by the name of Akan. */
const OTHER_LANGUAGES: ByHand[] = [
  {
    code: 'bfi',
    labels: {
      en: 'British Sign Language',
      nl: 'Britse Gebarentaal',
      fr: 'langue des signes britannique',
      de: 'Britische Gebärdensprache',
      es: 'lengua de señas británica'
    },
    codings: [{ system: BCP_47, code: 'bfi' }]
  },
  {
    code: 'tw',
    labels: { en: 'Twi', nl: 'Twi', fr: 'twi', de: 'Twi', es: 'twi' },
    codings: [{ system: BCP_47, code: 'tw' }]
  }
]

const nameIn = (type: 'region' | 'language', code: string, language: LabelLanguage) => {
  const name = new Intl.DisplayNames([language], { type, fallback: 'none' }).of(code)
  if (!name) throw new Error(`CLDR ${process.versions.cldr} has no name in "${language}" for ${type} ${code}: write one by hand`)
  return name
}
const namesOf = (type: 'region' | 'language', code: string) =>
  Object.fromEntries(LABEL_LANGUAGES.map((language) => [language, nameIn(type, code, language)])) as Labels

const codesOf = (list: string) => list.trim().split(/\s+/)
const byCode = (a: ConceptFile, b: ConceptFile) => (a.code < b.code ? -1 : 1)

/** Labels written by hand are checked in English only: CLDR is reviewed by native speakers, these are not. */
const byHand = (type: 'region' | 'language', { code, labels, ...rest }: ByHand): ConceptFile =>
  labels ? { code, labels, ...rest, checked: ['en'] } : { code, labels: namesOf(type, code), ...rest }

const fromCldr =
  (type: 'region' | 'language', system: string) =>
  (code: string): ConceptFile => ({
    code,
    labels: namesOf(type, code),
    codings: [{ system, code }]
  })

const source = {
  title: `Unicode CLDR, version ${process.versions.cldr}`,
  url: 'https://cldr.unicode.org/'
}

const jurisdiction: VocabularyFile = {
  name: 'jurisdiction',
  title: { en: 'Jurisdiction', nl: 'Land of gebied', fr: 'Pays ou territoire', de: 'Land oder Gebiet', es: 'País o territorio' },
  description:
    'Says where a measure is used, tested or required: countries and their subdivisions (ISO 3166), the European Union, Kosovo and the world.',
  version: '1.0.0',
  source,
  checked: [...LABEL_LANGUAGES],
  concepts: [
    ...codesOf(COUNTRIES).map(fromCldr('region', ISO_3166_1)),
    ...OTHER_JURISDICTIONS.map((concept) => byHand('region', concept))
  ].sort(byCode)
}

const language: VocabularyFile = {
  name: 'language',
  title: { en: 'Language', nl: 'Taal', fr: 'Langue', de: 'Sprache', es: 'Idioma' },
  description: 'Says in which languages an instrument exists and a text is written: BCP 47 tags, built on ISO 639.',
  version: '1.0.0',
  source,
  checked: [...LABEL_LANGUAGES],
  concepts: [
    ...codesOf(`${LANGUAGES} ${VARIETIES}`).map(fromCldr('language', BCP_47)),
    ...OTHER_LANGUAGES.map((concept) => byHand('language', concept))
  ].sort(byCode)
}

const pathOf = ({ name }: VocabularyFile) => join(import.meta.dirname, `../db/catalogue/vocabularies/${name}.json`)
const textOf = (vocabulary: VocabularyFile) => `${JSON.stringify(vocabulary, null, 2)}\n`

const check = (vocabulary: VocabularyFile) => {
  const written = readFileSync(pathOf(vocabulary), 'utf8')
  if (written === textOf(vocabulary)) return
  const made = (JSON.parse(written) as VocabularyFile).source.title
  if (made !== source.title) {
    console.warn(`${vocabulary.name}.json: not compared, it was made with ${made} and this Node has ${source.title}`)
    return
  }
  console.error(`${vocabulary.name}.json is out of date: run node scripts/generate-cldr.ts`)
  process.exitCode = 1
}

if (process.argv.includes('--help')) {
  console.log(HELP)
} else {
  for (const vocabulary of [jurisdiction, language]) {
    if (process.argv.includes('--check')) check(vocabulary)
    else writeFileSync(pathOf(vocabulary), textOf(vocabulary))
  }
}
