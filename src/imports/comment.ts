/** The column or member that says why a rejected record was rejected: whoever sends it again need not take it out. */
export const COMMENT = 'importComment'
