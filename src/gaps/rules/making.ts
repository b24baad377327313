/** R8 and R9: who can afford a measure, and who had a say in it. */
import { patientsAnswer } from './answering.ts'
import type { MeasureRule } from './rule.ts'

export const barrier: MeasureRule = {
  id: 'R8',
  kind: 'cost-or-licence-barrier',
  question: 'Can services with little money use it?',
  holds:
    'A fee has to be paid, or permission has to be asked. Free for use that is not commercial is no barrier. Where nothing is recorded the rule does not apply.',
  closes: 'Agree on free use for public services, or use a free measure of the same.',
  source: 'COSMIN, feasibility: cost of an instrument; CMS Framework for Health Equity, priority 3',
  find: ({ licence }) => {
    const isPaid = licence?.fee === 'paid'
    if (!isPaid && licence?.permission !== 'ask') return []
    return [
      {
        dimension: 'socioeconomic',
        value: isPaid ? 'fee' : 'permission',
        certainty: 'absent',
        focus: 'burdened',
        title: isPaid ? 'a fee has to be paid' : 'permission has to be asked',
        statement: isPaid
          ? 'A fee has to be paid. Services with little money, and the people whom they serve, go without.'
          : 'Permission has to be asked. Small services, and the people whom they serve, often go without.',
        closesWith: isPaid ? 'licence.fee' : 'licence.permission',
        remedy: { family: 'build-capacity', action: 'Agree on free use for public and community services.' }
      }
    ]
  }
}

export const withoutLivedExperience: MeasureRule = {
  id: 'R9',
  kind: 'no-lived-experience-in-development',
  question: 'Did people with lived experience have a part in making it?',
  holds:
    'The record says that they had none. Where it does not say, that is an unknown. It applies to questionnaires that patients or carers answer.',
  closes: 'Ask people with lived experience what is missing in it, or record the part that they had.',
  source: 'ISPOR and FDA guidance on patient-focused development; GRIPP2 reporting of involvement',
  find: (measure) => {
    const part = measure.development?.livedExperience ?? 'unknown'
    if (!patientsAnswer(measure) || (part !== 'none' && part !== 'unknown')) return []
    return [
      {
        certainty: part === 'none' ? 'absent' : 'unknown',
        focus: 'missing',
        title:
          part === 'none' ? 'made without people with lived experience' : 'whether people with lived experience had a part is not recorded',
        statement:
          part === 'none'
            ? 'People with lived experience had no part in making it. What matters to them may not be in it.'
            : 'The record does not say whether people with lived experience had a part in making it.',
        closesWith: 'development.livedExperience',
        remedy: { family: 'address-causes', action: 'Ask people with lived experience what is missing in it.' }
      }
    ]
  }
}
