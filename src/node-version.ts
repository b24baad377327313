const NEEDED = [22, 18] as const

/** Ends the process with one sentence where Node is too old to run TypeScript and the database driver. */
export function refuseOldNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return
  console.error(
    `Common Measure needs Node ${NEEDED.join('.')} or later, and this is ${version}: run "npm ci && npm start", which brings its own.`
  )
  process.exit(1)
}
