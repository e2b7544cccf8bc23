/** Stands before a zero that a rule gives at a point where its formula fails, in texts that are read again. */
export const conventionMark = '/* by convention */';
