/** Ends with one sentence where Node is too old: plain JavaScript, since an old Node cannot read anything else here. */
const NEEDED = [22, 18]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `Common Measure needs Node ${NEEDED.join('.')} or later, and this is ${process.versions.node}. "npm ci" brings one where it can; otherwise install it from nodejs.org.`
  )
  process.exit(1)
}
