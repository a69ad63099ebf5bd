/** Characters of a note, as our server takes it. */
export const longestNote = 200;
