import { z } from 'zod';

/** The parts of HubSpot's answers that we read, and no more: whatever else they hold may change without harm. */

/** Ids are text in date-based versions, but some answers still carry numbers. */
const id = z.union([z.string(), z.number().transform(String)]);
const instant = z.union([z.string(), z.number()]);

const paging = z.object({ next: z.object({ after: id }).nullish() }).nullish();

const inlineLinks = z.object({
  results: z.array(z.object({ id, type: z.string().nullish() })),
  paging,
});
export type InlineLinks = z.infer<typeof inlineLinks>;

const record = z.object({
  id,
  properties: z.record(z.string(), z.unknown()),
  createdAt: instant.nullish(),
  updatedAt: instant.nullish(),
  archived: z.boolean().nullish(),
  associations: z.record(z.string(), inlineLinks).nullish(),
  objectWriteTraceId: z.string().nullish(),
});
export type WireRecord = z.infer<typeof record>;

/** Values of an error's context: usually lists of text, at times bare text or numbers. */
const context = z.record(z.string(), z.unknown()).nullish();

const errorDetail = z.object({
  message: z.string().nullish(),
  code: z.string().nullish(),
  in: z.string().nullish(),
  subCategory: z.unknown().optional(),
  context,
});

/** HubSpot: all fields of an error body are optional. */
export const errorBody = z.object({
  status: z.union([z.string(), z.number()]).nullish(),
  message: z.string().nullish(),
  category: z.string().nullish(),
  subCategory: z.unknown().optional(),
  correlationId: z.string().nullish(),
  policyName: z.string().nullish(),
  errorType: z.string().nullish(),
  /** OAuth errors say what happened here. */
  error: z.string().nullish(),
  error_description: z.string().nullish(),
  context,
  errors: z.array(errorDetail).nullish(),
});
export type ErrorBody = z.infer<typeof errorBody>;

export const recordPage = z.object({ results: z.array(record), paging });
export const searchPage = z.object({ results: z.array(record), paging, total: z.number().nullish() });

/** `errors` may come with 200, 201 and 207 alike. */
export const recordBatch = z.object({ results: z.array(record), errors: z.array(errorBody).nullish() });
export type RecordBatch = z.infer<typeof recordBatch>;

export const singleRecord = record;

export const linkBatch = z.object({
  results: z.array(
    z.object({
      from: z.object({ id }),
      to: z.array(
        z.object({
          toObjectId: id,
          associationTypes: z.array(z.object({ typeId: z.number().nullish() })).nullish(),
        }),
      ),
      paging,
    }),
  ),
  errors: z.array(errorBody).nullish(),
});

const owner = z.object({
  id,
  email: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  type: z.string().nullish(),
  userId: z.number().nullish(),
  userIdIncludingInactive: z.number().nullish(),
  teams: z.array(z.object({ name: z.string().nullish() })).nullish(),
  archived: z.boolean().nullish(),
  createdAt: instant.nullish(),
  updatedAt: instant.nullish(),
});
export type WireOwner = z.infer<typeof owner>;
export const ownerPage = z.object({ results: z.array(owner), paging });

const option = z.object({ value: z.string(), label: z.string().nullish(), displayOrder: z.number().nullish() });

const property = z.object({
  name: z.string(),
  label: z.string().nullish(),
  type: z.string(),
  fieldType: z.string().nullish(),
  groupName: z.string().nullish(),
  options: z.array(option).nullish(),
  calculated: z.boolean().nullish(),
  modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
});
export type WireProperty = z.infer<typeof property>;
export const propertyList = z.object({ results: z.array(property) });
export const propertyBatch = z.object({
  results: z.array(z.object({ name: z.string() })),
  errors: z.array(errorBody).nullish(),
});
export const groupList = z.object({ results: z.array(z.object({ name: z.string() })) });

const room = z.object({ limit: z.number().nullish(), usage: z.number().nullish(), objectTypeId: z.string().nullish() });
export const propertyLimits = z.object({ byObjectType: z.array(room).nullish() });

const stage = z.object({
  id,
  label: z.string().nullish(),
  displayOrder: z.number().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
export type WireStage = z.infer<typeof stage>;
export const pipelineList = z.object({
  results: z.array(
    z.object({
      id,
      label: z.string().nullish(),
      displayOrder: z.number().nullish(),
      stages: z.array(stage),
    }),
  ),
});

export const accountDetails = z.object({
  portalId: id,
  timeZone: z.string(),
  companyCurrency: z.string(),
  additionalCurrencies: z.array(z.string()).nullish(),
  uiDomain: z.string().nullish(),
  accountType: z.string().nullish(),
});

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number().nullish(),
});

/** Everything but `active` is absent for a token that is good no more. */
export const introspection = z.object({
  active: z.boolean(),
  hub_id: id.nullish(),
  user_id: id.nullish(),
  /** An e-mail address. */
  user: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
});

/** For calls of whose answer nothing is needed. */
export const anything = z.unknown();
