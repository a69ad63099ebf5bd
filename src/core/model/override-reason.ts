/** Why a person sets an account's band by hand. The code is kept with the override; the words are for people. */
export const overrideReasons = {
  new_information: 'I know what the records do not show',
  wrong_records: 'The records are wrong or incomplete',
  passing_event: 'A passing event distorts the score',
  agreed_plan: 'A plan is agreed with the customer',
  other: 'Another reason',
} as const;

export type OverrideReason = keyof typeof overrideReasons;

/** How long an override may last, in days from the day on which it is set; 30 where nobody says. */
export const OVERRIDE_DAYS = { usual: 30, most: 90 } as const;
