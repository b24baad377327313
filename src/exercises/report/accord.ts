/**
 * What a report of a consensus exercise should tell, by the items of ACCORD (ACcurate COnsensus Reporting Document): Gattrell et al., PLoS
 * Med 2024;21:e1004326, explained in Logullo et al., PLoS Med 2024;21:e1004390. Items keep their numbers; topics are in our words.
 */

export const GUIDELINE = {
  name: 'ACCORD',
  citation:
    'Gattrell WT, Logullo P, van Zuuren EJ, et al. ACCORD (ACcurate COnsensus Reporting Document): A reporting guideline for consensus methods in biomedicine developed via a modified Delphi. PLoS Med 2024;21(1):e1004326.',
  url: 'https://doi.org/10.1371/journal.pmed.1004326'
} as const

/** Sections of an article, by the letter that items begin with. */
export const SECTIONS = {
  T: 'Title',
  I: 'Introduction',
  M: 'Methods',
  R: 'Results',
  D: 'Discussion',
  O: 'Other information'
} as const

const TOPICS = {
  T1: 'The title names the consensus exercise and its methods',
  I1: 'Why a consensus exercise was chosen',
  I2: 'Aim, audience and geographical scope',
  I3: 'Update of an earlier document',
  M1: 'Registration of the protocol',
  M2: 'Roles and expertise of those who directed it',
  M3: 'Who was to take part, how many, and who chose them',
  M4: 'How participants were recruited',
  M5: 'Part of the public, patients and carers',
  M6: 'Where the items came from',
  M7: 'Systematic search of the literature',
  M8: 'Evidence given to participants',
  M9: 'Methods and steps towards consensus',
  M10: 'How items were presented, and how they could be answered',
  M11: 'Objective of each step',
  M12: 'Definition of consensus',
  M13: 'Whether items with consensus were voted on again',
  M14: 'How answers were collected',
  M15: 'How answers were processed',
  M16: 'Piloting',
  M17: 'Feedback between steps',
  M18: 'Anonymity',
  M19: 'Part of the organisers in the decisions',
  M20: 'Incentives to take part',
  M21: 'Adaptations for accessibility',
  R1: 'Dates and duration',
  R2: 'Deviations from the protocol',
  R3: 'Participants in each step',
  R4: 'Final outcome',
  R5: 'Items that were changed, dropped or added',
  D1: 'Strengths and limitations of the method',
  D2: 'Agreement with the literature',
  O1: 'Endorsing organisations',
  O2: 'Conflicts of interest',
  O3: 'Funding'
} as const

export type AccordItem = keyof typeof TOPICS
export type Section = keyof typeof SECTIONS

export const ACCORD_ITEMS = Object.keys(TOPICS) as readonly AccordItem[]
export const topicOf = (item: AccordItem): string => TOPICS[item]
export const sectionOf = (item: AccordItem): Section => item[0] as Section
