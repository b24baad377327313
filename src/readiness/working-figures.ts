/** How long it takes to meet a condition, in days. Working figures of the registry, published with the rules, to be replaced by what evaluators report. */
export const WORKING_FIGURES = {
  permission: { days: 30, source: 'Working figure: an answer of a copyright holder within a month.' },
  purchase: { days: 30, source: 'Working figure: a licence bought within a month of the decision.' },
  tryOut: {
    days: 30,
    source:
      'Cognitive debriefing with five to ten people, step 8 of the ISPOR good practice for translation (Wild 2005); the month is a working figure.'
  },
  validation: { days: 180, source: 'Working figure: a validation study by the COSMIN checklist in half a year.' },
  adaptation: { days: 60, source: 'Working figure: codes and terms fitted to another country in two months.' }
} as const
