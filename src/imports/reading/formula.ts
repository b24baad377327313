/**
 * What a spreadsheet would calculate instead of show (OWASP, CSV injection). A sign at the start is a formula only where nothing
 * else can be meant: "- a list item", "-5" and "+32 2 123" are texts.
 */

/** Also in the wide forms of East Asian keyboards, and behind blanks. */
const ALWAYS = /^[\s\p{Cc}]*[=@＝＠]/u
const SIGNED = /^[\s\p{Cc}]*[+\-|＋－]/u

/** Another program is asked for data: `cmd|' /C calc'!A0`. */
const OTHER_PROGRAM = /[\w\\.]\|\s*(?:'[^']*'|[^\s|']+)![$A-Z\d]/i
/** A function behind a sign: `-2+SUM(A1)`. With a blank after the sign it is an item of a list: `- Value(s) above 5`. */
const FUNCTION =
  /^[\s\p{Cc}]*[+\-|＋－][+\-*/(\d.]*(?:HYPERLINK|WEBSERVICE|FILTERXML|IMPORT[A-Z]+|DDE[A-Z]*|RTD|CALL|REGISTER(?:\.ID)?|EXEC|INDIRECT|OFFSET|CELL|INFO|SUM|AVERAGE|COUNT|IF|CONCAT(?:ENATE)?|CHAR|VLOOKUP|INDEX|MATCH|TEXT|VALUE|NOW|TODAY)\(/iu
/** Cells that are calculated with: `+A1+B2`, `-A1:B3`. */
const CELLS = /^[\s\p{Cc}]*[+\-＋－]\$?[A-Z]{1,3}\$?\d+(?:[-+*/^&:]\$?[A-Z]{1,3}\$?\d+)+\s*$/iu

export const isFormula = (text: string): boolean =>
  ALWAYS.test(text) || (SIGNED.test(text) && (OTHER_PROGRAM.test(text) || FUNCTION.test(text) || CELLS.test(text)))
