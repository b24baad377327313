import type { Measure } from '../../measures/measure.schema.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { type Asked, type Facts, type Finding, finding, gate } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { named, reason } from '../reason.ts'
import { coversCondition, coversPopulation } from './covers.ts'

const ASPECTS = ['setting', 'population', 'condition'] as const
type Aspect = (typeof ASPECTS)[number]
type Codes = Readonly<Record<Aspect, readonly string[]>>

/** For each aspect, on what its codes rest; nothing where the record has none. */
type Common = Readonly<Partial<Record<Aspect, Basis>>>
type Given = Facts<Common, true, Codes>

/** Is it made for these settings, these people and these conditions? One finding for each that is asked about. */
export const fit = gate<Common, true, Codes>({
  id: 'fit',
  reads: ['settings', 'populations', 'conditions'],
  asks: ['setting', 'forPopulation', 'forCondition'],
  source: 'RE-AIM and FHIR useContext: a measure is tested for a setting, a population and a condition',
  facts: ({ settings = [], populations = [], conditions = [] }: Measure, basis) => {
    const codes: Codes = { setting: settings, population: populations, condition: conditions }
    const stated = ASPECTS.filter((aspect) => codes[aspect].length > 0)
    return {
      common: Object.fromEntries(stated.map((aspect) => [aspect, basis(`${aspect}s`)])),
      entries: Object.fromEntries(stated.flatMap((aspect) => codes[aspect].map((code) => [`${aspect} ${code}`, true] as const))),
      told: codes
    }
  },
  keys: (context) => ASPECTS.flatMap((aspect) => relevant(aspect, context).map((code) => `${aspect} ${code}`)),
  silent: { setting: [], population: [], condition: [] },
  judge: (given, context) => {
    const { setting, forPopulation, forCondition } = context
    const findings = [
      ...(setting ? [settingFinding(given, context, setting)] : []),
      ...(forPopulation ? [populationFinding(given, context, forPopulation)] : []),
      ...(forCondition ? [conditionFinding(given, context, forCondition)] : [])
    ]
    return findings.length === 0 ? [finding('not-asked', reason('fit.not-asked'))] : findings
  }
})

const WHOLE = 'whole-population'

/** The codes of an aspect that make a difference: those that were asked for, and those that cover one of them. */
function relevant(aspect: Aspect, { setting, forPopulation, forCondition }: Asked): readonly string[] {
  switch (aspect) {
    case 'setting':
      return setting ? [...new Set([...setting, WHOLE])] : []
    case 'population':
      return CODES.population.filter((code) => forPopulation?.some((asked) => coversPopulation(code, asked)))
    case 'condition':
      return CODES.condition.filter((code) => forCondition?.some((asked) => coversCondition(code, asked)))
  }
}

/** Those of the codes that make a difference that the record has. */
const found = (aspect: Aspect, { entries }: Given, context: Asked) =>
  relevant(aspect, context).filter((code) => entries[`${aspect} ${code}`])

function unknown(aspect: Aspect): Finding {
  return finding('unknown', reason(`fit.${aspect}.unknown`), {
    closesWith: reason('fit.close.unknown'),
    basis: 'unverified',
    about: { aspect }
  })
}

/** One of the settings that there are will do. */
function settingFinding(given: Given, context: Asked, settings: NonNullable<Asked['setting']>): Finding {
  const { setting: basis } = given.common
  if (!basis) return unknown('setting')
  const rest = { basis, about: { aspect: 'setting' } } as const
  const asked = named('setting', ...settings)
  const codes = found('setting', given, context)
  const fitting = codes.filter((code) => settings.includes(code as never))
  if (fitting.length > 0) return finding('pass', reason('fit.setting.pass', { found: named('setting', ...fitting) }), rest)
  if (codes.includes(WHOLE))
    return finding('conditional', reason('fit.setting.wide', { asked }), { closesWith: reason('fit.close.wide', { asked }), ...rest })
  const because = reason('fit.setting.fail', { found: named('setting', ...given.told.setting), asked })
  return finding('fail', because, { closesWith: reason('fit.close.setting', { asked }), ...rest })
}

/** Some of the people whom one serves will do; whom it leaves out is named, here and among those for whom it is not ready. */
function populationFinding(given: Given, context: Asked, populations: NonNullable<Asked['forPopulation']>): Finding {
  const { population: basis } = given.common
  if (!basis) return unknown('population')
  const rest = { basis, about: { aspect: 'population' } } as const
  const codes = found('population', given, context)
  const covered = populations.filter((asked) => codes.some((code) => coversPopulation(code, asked)))
  const asked = named('population', ...populations)
  if (covered.length === populations.length) return finding('pass', reason('fit.population.pass', { asked }), rest)
  const missing = named('population', ...populations.filter((population) => !covered.includes(population)))
  const closesWith = reason('fit.close.population', { missing })
  if (covered.length > 0)
    return finding('pass', reason('fit.population.some', { found: named('population', ...covered), missing }), { closesWith, ...rest })
  const because = reason('fit.population.fail', { asked, found: named('population', ...given.told.population) })
  return finding('fail', because, { closesWith, ...rest })
}

/** One of the conditions that there are will do. */
function conditionFinding(given: Given, context: Asked, conditions: NonNullable<Asked['forCondition']>): Finding {
  const { condition: basis } = given.common
  if (!basis) return unknown('condition')
  const rest = { basis, about: { aspect: 'condition' } } as const
  const all = named('condition', ...given.told.condition)
  if (found('condition', given, context).length > 0) return finding('pass', reason('fit.condition.pass', { found: all }), rest)
  const asked = named('condition', ...conditions)
  const because = reason('fit.condition.fail', { found: all, asked })
  return finding('fail', because, { closesWith: reason('fit.close.condition', { asked }), ...rest })
}
