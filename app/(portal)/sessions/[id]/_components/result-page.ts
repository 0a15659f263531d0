/** Rows of a result set that are read at a time. */
export const PAGE = 100
