/**
 * How the page looks: black on white and dark colours (contrast above 7:1, WCAG 2.2 AAA), in fonts that every device has. In print a page
 * that has much to tell is set smaller, so that the most that a summary can hold stays on one A4.
 */
export const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #111; font: 1rem/1.45 system-ui, "DejaVu Sans", Arial, sans-serif; }
main { max-width: 48rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .3rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 1rem 0 .2rem; font-size: 1.15rem; color: #14405c; }
h3 { margin: .5rem 0 0; font-size: 1rem; }
p { margin: .2rem 0; }
ul { margin: .2rem 0; padding-inline-start: 1.3rem; }
.question { font-size: 1.1rem; font-weight: 600; }
a { color: #14405c; }
table { width: 100%; border-collapse: collapse; margin: .2rem 0; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: .15rem .4rem; border-bottom: 1px solid #767676; text-align: start; vertical-align: top; }
th[scope="row"] { font-weight: 400; }
td { white-space: nowrap; }
#incomplete { margin: .6rem 0; padding: .3rem .8rem .5rem; border: 2px solid #8a1c00; background: #fff6f2; }
#incomplete h2 { margin-top: 0; color: #8a1c00; }
@page { size: A4; margin: 11mm 13mm; }
@media print {
  html { font-size: 10.5pt; }
  html.dense { font-size: 8pt; }
  body { line-height: 1.22; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 1.5rem; }
  h2 { margin: .5rem 0 .1rem; break-after: avoid; }
  h3 { margin: .2rem 0 0; break-after: avoid; }
  p, ul, table { margin: .1rem 0; }
  th, td { padding: .05rem .4rem; }
  #incomplete { margin: .4rem 0; padding: .2rem .6rem .3rem; }
  #missing, #counted, #receipt, #rest { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
`
