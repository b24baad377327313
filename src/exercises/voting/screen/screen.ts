/** A page for the screen in a workshop: how many of each group have voted, live, in letters that the last row can read. Pure. */
import { Html, html } from '../../../drawing/html.ts'
import type { LabelLanguage } from '../../../vocabularies/vocabulary.schema.ts'
import type { Exercise } from '../../exercise.schema.ts'
import { wordsIn } from '../../wording.ts'
import type { Turnout } from '../voter.schema.ts'
import { SCRIPT } from './script.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

export const SCREEN_TEXTS: Readonly<Record<LabelLanguage, typeof en>> = { en, nl, fr, de, es }

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #111; font: clamp(1rem, 2.4vw, 2.4rem)/1.3 system-ui, "DejaVu Sans", Arial, sans-serif; }
main { max-width: 90vw; margin: 0 auto; padding: 2vh 0; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.5em; line-height: 1.2; }
p { margin: .3em 0; }
table { width: 100%; border-collapse: collapse; margin: .6em 0; }
th, td { padding: .3em .4em; border-bottom: 1px solid #767676; text-align: start; }
thead th { font-size: .7em; font-weight: 400; }
th[scope="row"] { font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
tfoot td { font-size: 1.4em; font-weight: 700; }
tbody td:last-child { width: 24vw; }
meter { display: block; width: 100%; height: .9em; }
#lost { color: #8a1c00; }
small { font-size: .65em; }
`

interface Screen {
  readonly exercise: Exercise
  readonly turnout: Turnout
  readonly language: LabelLanguage
  /** What each state is called. */
  readonly states: Readonly<Record<string, string>>
}

/** The page, with the numbers as they are now: it says something where scripts do not run. */
export function screenOf({ exercise, turnout, language, states }: Screen): string {
  const texts = SCREEN_TEXTS[language]
  const number = new Intl.NumberFormat(language)
  const labels = new Map(exercise.groups.map(({ code, label }) => [code, wordsIn(label, language, exercise.language)]))
  const [before, after] = texts.round.split('{round}')
  const round = html`<span id="round"${turnout.round === undefined ? html` hidden` : undefined}>${before}<span id="number">${turnout.round}</span>${after}, </span>`
  const rows = turnout.groups.map(
    ({ group, voted, invited }) => html`<tr data-group="${group}">
<th scope="row" dir="auto">${labels.get(group)}</th>
<td class="voted">${number.format(voted)}</td>
<td class="invited">${number.format(invited)}</td>
<td aria-hidden="true"><meter min="0" max="${Math.max(invited, voted, 1)}" value="${voted}"></meter></td>
</tr>
`
  )
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.turnout}: ${exercise.title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body data-states="${JSON.stringify(states)}">
<main>
<h1 dir="auto">${exercise.title}</h1>
<p dir="auto">${exercise.question}</p>
<p>${round}<span id="state">${states[turnout.state]}</span></p>
<table>
<thead><tr><th scope="col">${texts.turnout}</th><th scope="col">${texts.voted}</th><th scope="col">${texts.invited}</th><td></td></tr></thead>
<tbody>
${rows}</tbody>
<tfoot><tr><th scope="row">${texts.all}</th><td id="all" aria-live="polite">${number.format(turnout.voted)}</td><td></td><td></td></tr></tfoot>
</table>
<p id="lost" role="status" hidden>${texts.lost}</p>
<p><small>${texts.rounded}</small></p>
</main>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.toString()
}
