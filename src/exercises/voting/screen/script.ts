/** What runs on the screen: it follows the turnout, and does nothing else. */
import { hash } from 'node:crypto'

export const SCRIPT = `
const show = (place, text) => { if (place && place.textContent !== text) place.textContent = text }
const number = new Intl.NumberFormat(document.documentElement.lang)
const source = new EventSource(location.pathname.replace(/\\/$/, '') + '/live')
const lost = document.getElementById('lost')
source.addEventListener('open', () => { lost.hidden = true })
source.addEventListener('error', () => { lost.hidden = false })
source.addEventListener('turnout', ({ data }) => {
  const turnout = JSON.parse(data)
  const words = JSON.parse(document.body.dataset.states)
  show(document.getElementById('state'), words[turnout.state] ?? turnout.state)
  document.getElementById('round').hidden = turnout.round === undefined
  show(document.getElementById('number'), turnout.round === undefined ? '' : number.format(turnout.round))
  show(document.getElementById('all'), number.format(turnout.voted))
  for (const { group, voted, invited } of turnout.groups) {
    const row = [...document.querySelectorAll('tr[data-group]')].find((each) => each.dataset.group === group)
    if (!row) continue
    show(row.querySelector('.voted'), number.format(voted))
    show(row.querySelector('.invited'), number.format(invited))
    const bar = row.querySelector('meter')
    bar.max = Math.max(invited, voted, 1)
    bar.value = voted
  }
})
`

/** The page may run this script, ask its own registry, and do nothing else (Content Security Policy, level 3). */
export const POLICY = `default-src 'none'; script-src 'sha256-${hash('sha256', SCRIPT, 'base64')}'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors *`
