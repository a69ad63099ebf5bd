/** How many days a band set by hand lasts where nobody says, and at most: as our server takes it. */
export const overrideDays = { usual: 30, most: 90 } as const;

/** Characters of a note, as our server takes it. */
export const longestNote = 200;
