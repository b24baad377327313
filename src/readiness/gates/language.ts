import type { Measure } from '../../measures/measure.schema.ts'
import { type Asked, type Finding, finding, gate } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { named, reason } from '../reason.ts'
import { WORKING_FIGURES } from '../working-figures.ts'
import { asksPeople } from './asking.ts'
import { isStrict } from './purposes.ts'

type Validation = NonNullable<Measure['languages']>[number]['validation']

interface Version {
  readonly code: string
  readonly validation: Validation
  readonly basis: Basis
}
interface Common {
  readonly asksPeople: boolean | 'unknown'
  readonly hasVersions: boolean
  readonly basis: Basis
}
/** The versions in a language, its regional forms among them. */
type Entry = readonly Version[]

/** The best version first. */
const VALIDATIONS: readonly Validation[] = ['original', 'validated', 'translated', 'unknown', 'machine']

/** Can the people who are asked understand the questions? One finding for each language. */
export const language = gate<Common, Entry, undefined>({
  id: 'language',
  reads: ['languages', 'instrument', 'dataSources'],
  asks: ['language', 'purpose', 'horizonDays'],
  source: 'ISPOR principles of good practice for translation and cultural adaptation (Wild 2005); COSMIN, cross-cultural validity',
  facts: (measure, basis) => {
    const versions = (measure.languages ?? []).map(({ code, validation }) => ({ code, validation, basis: basis(`languages.${code}`) }))
    return {
      common: { asksPeople: asksPeople(measure), hasVersions: versions.length > 0, basis: basis('languages') },
      entries: Object.groupBy(versions, ({ code }) => primary(code)) as Record<string, Entry>,
      told: undefined
    }
  },
  keys: ({ language: asked = [] }) => asked.map(primary),
  silent: undefined,
  judge: ({ common, entries }, context) => {
    if (common.asksPeople === false) return [finding('not-applicable', reason('language.not-applicable'))]
    if (!context.language) return [finding('not-asked', reason('language.not-asked'))]
    return context.language.map((asked) => ({
      ...judged(common, entries[primary(asked)] ?? [], asked, context),
      about: { language: asked }
    }))
  }
})

function judged({ asksPeople, hasVersions, basis }: Common, versions: Entry, asked: string, { purpose }: Asked): Finding {
  const values = { language: named('language', asked) }
  if (!hasVersions) {
    const because = reason(asksPeople === 'unknown' ? 'language.kind-unknown' : 'language.unknown')
    return finding('unknown', because, { closesWith: reason('language.close.unknown'), basis })
  }
  const found = bestVersion(versions, asked)
  if (!found) return finding('fail', reason('language.missing', values), { closesWith: reason('language.close.translate', values), basis })
  const { validation } = found
  if (validation === 'machine')
    return finding('fail', reason('language.machine', values), {
      closesWith: reason('language.close.translate', values),
      basis: found.basis
    })
  if (validation === 'unknown')
    return finding('unknown', reason('language.untold', values), {
      closesWith: reason('language.close.untold', values),
      basis: found.basis
    })
  const isRegional = !includes(asked, found.code)
  const version = { ...values, found: named('language', found.code) }
  if (!isRegional && validation !== 'translated') return finding('pass', reason(`language.${validation}`, values), { basis: found.basis })
  const because = isRegional ? reason('language.regional', version) : reason('language.translated', values)
  const { days } = isStrict(purpose) ? WORKING_FIGURES.validation : WORKING_FIGURES.tryOut
  const closesWith = isStrict(purpose) ? reason('language.close.validate', values) : reason('language.close.try-out', version)
  return finding('conditional', because, { closesWith, basis: found.basis, days })
}

const primary = (tag: string) => tag.split('-', 1)[0]!
/** A language includes its regional forms: who asks for Portuguese is served by Brazilian Portuguese, not the other way round. */
const includes = (asked: string, code: string) => code === asked || (asked === primary(asked) && primary(code) === asked)

/** The best version that includes the language, or else the best of the same language from elsewhere. */
function bestVersion(versions: readonly Version[], asked: string): Version | undefined {
  const best = (among: readonly Version[]) =>
    [...among].sort((a, b) => VALIDATIONS.indexOf(a.validation) - VALIDATIONS.indexOf(b.validation))[0]
  return best(versions.filter(({ code }) => includes(asked, code))) ?? best(versions)
}
