/**
 * Goes up whenever the same raw record would be read as another record: a new field, another rule. What was read under an
 * earlier number is then read again from the records. A test holds it against what is read of a whole book.
 */
export const READING = 1;
