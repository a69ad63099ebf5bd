/** Why a person sets an account's band by hand. The code is kept with the override; the words are for people. */
export const overrideReasons = {
  new_information: 'I know what the records do not show',
  wrong_records: 'The records are wrong or incomplete',
  passing_event: 'A passing event distorts the score',
  agreed_plan: 'A plan is agreed with the customer',
  other: 'Another reason',
} as const;
