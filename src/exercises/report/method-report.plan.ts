/** The title, the introduction, and what was settled before anybody voted: ACCORD T1 to M8. Pure. */
import type { Outcome } from '../outcome/outcome.ts'
import { percentInWords } from '../small-numbers/hiding.ts'
import { METHOD_NAMES } from './rules.english.ts'
import { counted, dayOf, groupName, itemLabel, listed, notRecorded, partly, reported, type Tellers, type Told } from './telling.ts'

export const PLAN: Tellers<'T1' | 'I1' | 'I2' | 'I3' | 'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7' | 'M8'> = {
  T1: title,
  I1: () => notRecorded('why a consensus exercise was chosen over other approaches'),
  I2: ({ exercise }) =>
    partly([
      `The question was: “${exercise.question}”`,
      'The intended audience and the geographical scope are not recorded, other than in the question.'
    ]),
  I3: () => notRecorded('whether the exercise updates an earlier document'),
  M1: registration,
  M2: () => notRecorded('the roles, expertise and experience of those who directed the exercise'),
  M3: panel,
  M4: recruitment,
  M5: publicPart,
  M6: items,
  M7: () => notRecorded('whether the literature was searched, nor how'),
  M8: evidence
}

function title({ exercise, rounds }: Outcome): Told {
  const methods = [...new Set(rounds.map(({ method }) => METHOD_NAMES[method]))]
  const isConsensus = rounds.some(({ method }) => method === 'rating-1-9')
  const kind = isConsensus ? 'consensus exercise' : 'prioritisation exercise without a rule of consensus'
  return reported([`“${exercise.title}” is a ${kind} by ${listed(methods)} in ${counted(rounds.length, 'round')}.`])
}

function registration({ exercise }: Outcome): Told {
  const { id, frozenAt, protocolHash } = exercise
  const frozen = dayOf(frozenAt)
  return partly([
    `The protocol was frozen${frozen === undefined ? '' : ` on ${frozen}`}, when the first round was opened and before anybody could vote.`,
    `It is at /v1/exercises/${id}; the SHA-256 of its canonical JSON (RFC 8785) is ${protocolHash}.`,
    'Whether it was also registered elsewhere is not recorded.'
  ])
}

function panel({ exercise }: Outcome): Told {
  const { protocol } = exercise
  const required = protocol.groups.filter((group) => group.required).map(({ code }) => groupName(exercise, code))
  return partly(
    [
      `Stakeholder groups that were to take part, each with a target share of the voters: ${protocol.groups.length}.`,
      required.length === 0
        ? 'No group was required.'
        : `Without ${required.length === 1 ? 'this group' : 'any of these groups'} there was to be no consensus: ${listed(required)}.`,
      'Criteria for persons, a rationale for their number, and who chose them are not recorded.'
    ],
    protocol.groups.map(({ code, target, required }) => ({
      group: code,
      name: groupName(exercise, code),
      target: percentInWords(target),
      required
    }))
  )
}

function recruitment({ missingVoices }: Outcome): Told {
  const invited = missingVoices.funnel.reduce((sum, row) => sum + row.invited, 0)
  return partly([
    `One-time codes that were given out, each for one group: ${invited} (R3 says how many for which).`,
    'A code is 128 random bits, counts once in each round, and says nothing of who holds it.',
    'Through whom people were reached is not recorded.'
  ])
}

const OF_THE_PUBLIC: ReadonlySet<string> = new Set(['lived-experience', 'carers'])

function publicPart({ exercise }: Outcome): Told {
  const { groups } = exercise.protocol
  const ofThePublic = groups.filter(({ code }) => OF_THE_PUBLIC.has(code))
  const named = ofThePublic.map(
    ({ code, target, required }) =>
      `${groupName(exercise, code)} (target share ${percentInWords(target)}, ${required ? 'required' : 'not required'})`
  )
  return partly([
    named.length === 0
      ? 'None of the groups of the protocol is “lived-experience” or “carers”; groups of the organiser’s own may be of the public.'
      : `They voted as groups of their own: ${listed(named)}.`,
    'Their part in the preparation is not recorded.'
  ])
}

const KINDS = { gap: 'gap in measurement', measure: 'measure', statement: 'statement' } as const

function items({ exercise }: Outcome): Told {
  const kinds = Object.entries(KINDS).flatMap(([kind, words]) => {
    const n = exercise.items.filter((item) => item.kind === kind).length
    return n === 0 ? [] : [counted(n, words, words === KINDS.gap ? 'gaps in measurement' : `${words}s`)]
  })
  const joined = exercise.items.filter(({ joined }) => joined !== undefined).length
  return partly(
    [
      `There were ${counted(exercise.items.length, 'item')}: ${listed(kinds)}.`,
      'Measures and gaps are those of this registry, pinned to a version.',
      joined > 0 && `${counted(joined, 'item')} joined between rounds (R5).`,
      'How the others were found or chosen is not recorded.'
    ],
    exercise.items.map(({ id, kind, version, joined }) => ({
      item: id,
      kind,
      ...(version === undefined ? {} : { version }),
      label: itemLabel(exercise, id),
      ...(joined === undefined ? {} : { 'joined in round': joined })
    }))
  )
}

function evidence({ exercise }: Outcome): Told {
  const isLinked = exercise.items.some(({ kind }) => kind !== 'statement')
  if (exercise.description === undefined && !isLinked) return notRecorded('evidence that was given to participants')
  return partly([
    exercise.description !== undefined &&
      `Voters found a description beside their ballot; it is the description of the exercise at /v1/exercises/${exercise.id}.`,
    isLinked && 'Measures and gaps have pages of their own in this registry, with their sources.',
    'Whether other evidence was summarised or given is not recorded.'
  ])
}
