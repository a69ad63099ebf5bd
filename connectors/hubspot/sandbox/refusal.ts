/** One entry of an error answer's `errors`. */
export interface RefusalDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface RefusalExtras {
  readonly errors?: readonly RefusalDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly subCategory?: string;
  readonly links?: Readonly<Record<string, string>>;
}

/** HubSpot says no. The body lacks only the correlation id, which each answer gets when it is sent. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly category: string;
  readonly extras: RefusalExtras;

  constructor(status: number, category: string, message: string, extras: RefusalExtras) {
    super(message);
    this.status = status;
    this.category = category;
    this.extras = extras;
  }

  /** As a whole answer, or as one entry in the `errors` of a batch that was done in part. */
  toBody(): Record<string, unknown> {
    return { status: 'error', message: this.message, ...this.extras, category: this.category };
  }
}

export function refuse(status: number, category: string, message: string, extras: RefusalExtras = {}): Refusal {
  return new Refusal(status, category, message, extras);
}

export function refuseRequest(message: string, code = 'INVALID_REQUEST'): Refusal {
  return refuse(400, 'VALIDATION_ERROR', message, { errors: [{ message, code }] });
}

export function refuseMissing(message = 'Object not found.  objectId are usually numeric.'): Refusal {
  return refuse(404, 'OBJECT_NOT_FOUND', message);
}

/** What is wrong with one value that was sent for a property. */
export interface ValueProblem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** HubSpot names the properties and their values, and never the record: a batch has to be searched for it. */
export function refuseValues(problems: readonly ValueProblem[], portalId: number): Refusal {
  const results = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return refuse(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(results)}`, {
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  });
}
