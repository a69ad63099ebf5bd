import { z } from 'zod';

/** The parts of Salesforce's answers that we read, and no more: whatever else they hold may change without harm. */

/** Every field of a record except for links to itself; child records come as a page of their own. */
const record = z.looseObject({ Id: z.string() });
export type WireRecord = z.infer<typeof record>;

export const queryPage = z.object({
  totalSize: z.number().nullish(),
  done: z.boolean(),
  nextRecordsUrl: z.string().nullish(),
  records: z.array(record),
});
export type QueryPage = z.infer<typeof queryPage>;

/** Rows of setup objects and of child records, which may come without an id. */
export const rowPage = z.object({
  totalSize: z.number().nullish(),
  done: z.boolean(),
  nextRecordsUrl: z.string().nullish(),
  records: z.array(z.looseObject({})),
});
export type RowPage = z.infer<typeof rowPage>;
export type WireRow = RowPage['records'][number];

/** REST says `errorCode`, results of collections say `statusCode`. */
const errorEntry = z.object({
  message: z.string().nullish(),
  errorCode: z.string().nullish(),
  statusCode: z.string().nullish(),
  fields: z.array(z.string()).nullish(),
});
export type ErrorEntry = z.infer<typeof errorEntry>;
export const errorList = z.array(errorEntry);

/** The token endpoint has a form of its own. */
export const oauthError = z.object({ error: z.string().nullish(), error_description: z.string().nullish() });

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  instance_url: z.string().nullish(),
  /** `https://login.salesforce.com/id/{org}/{user}`, signed with the app's secret. */
  id: z.string().nullish(),
  issued_at: z.string().nullish(),
  signature: z.string().nullish(),
});

export const identityAnswer = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  email: z.string().nullish(),
  username: z.string().nullish(),
  preferred_username: z.string().nullish(),
});

export const versionList = z.array(z.object({ version: z.string().regex(/^\d+\.\d+$/) }));

const picklistValue = z.object({
  value: z.string(),
  label: z.string().nullish(),
  active: z.boolean().nullish(),
});

const field = z.object({
  name: z.string(),
  label: z.string().nullish(),
  type: z.string(),
  updateable: z.boolean().nullish(),
  createable: z.boolean().nullish(),
  filterable: z.boolean().nullish(),
  externalId: z.boolean().nullish(),
  referenceTo: z.array(z.string()).nullish(),
  picklistValues: z.array(picklistValue).nullish(),
});
export type WireField = z.infer<typeof field>;

const recordType = z.object({
  recordTypeId: z.string(),
  name: z.string().nullish(),
  active: z.boolean().nullish(),
  available: z.boolean().nullish(),
  master: z.boolean().nullish(),
});

export const objectDescription = z.object({
  name: z.string(),
  queryable: z.boolean().nullish(),
  createable: z.boolean().nullish(),
  updateable: z.boolean().nullish(),
  fields: z.array(field),
  recordTypeInfos: z.array(recordType).nullish(),
});
export type WireDescription = z.infer<typeof objectDescription>;

export const organizationFeatures = z.object({
  features: z.object({
    multiCurrency: z.boolean().nullish(),
    defaultCurrencyIsoCode: z.string().nullish(),
  }),
});

export const writeResults = z.array(
  z.object({
    id: z.string().nullish(),
    success: z.boolean(),
    created: z.boolean().nullish(),
    errors: z.array(errorEntry).nullish(),
  }),
);
export type WriteResult = z.infer<typeof writeResults>[number];

export const compositeAnswer = z.object({
  compositeResponse: z.array(z.object({ body: z.unknown(), httpStatusCode: z.number() })),
});

export const bulkJob = z.object({
  id: z.string(),
  state: z.string(),
  errorMessage: z.string().nullish(),
  numberRecordsProcessed: z.number().nullish(),
  numberRecordsFailed: z.number().nullish(),
});
export type BulkJob = z.infer<typeof bulkJob>;

/** For calls of whose answer nothing is needed. */
export const anything = z.unknown();

/** Users who may not view the setup are shown some of the limits only. */
export const orgLimits = z.object({
  DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }).nullish(),
});
